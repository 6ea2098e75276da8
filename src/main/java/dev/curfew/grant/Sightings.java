package dev.curfew.grant;

import dev.curfew.Clocks;
import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.Ids;
import dev.curfew.audit.Audit;
import dev.curfew.audit.Entry;
import dev.curfew.audit.Kind;
import dev.curfew.audit.Proven;
import dev.curfew.connector.Found;
import dev.curfew.connector.Handle;
import dev.curfew.connector.Verdict;
import dev.curfew.identity.Caller;
import dev.curfew.identity.Role;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What stands out at the targets, and what was decided about it. */
@ApplicationScoped
class Sightings {

  /** Something that is to be taken away now. */
  record Doomed(String id, Handle handle) {}

  /** Something that was found and that no live grant owns. */
  record Strange(Found found, FindingView.Kind kind) {}

  /** What is listed of a target, in which what a look sees is found again. */
  private static final class Open {

    private final Map<String, Sighting> named = new HashMap<>();
    private final Map<String, Sighting> orphans = new HashMap<>();

    Open(List<Sighting> all) {
      all.forEach(this::add);
    }

    void add(Sighting sighting) {
      named.put(sighting.name, sighting);
      if (sighting.kind == FindingView.Kind.ORPHAN) {
        orphans.put(sighting.grant, sighting);
      }
    }

    /** An orphan has another name on its way out, and is the one that was reported. */
    Optional<Sighting> of(Strange strange) {
      Sighting known =
          strange.kind() == FindingView.Kind.ORPHAN
              ? orphans.get(strange.found().handle().grant())
              : null;
      return known != null && known.kind == FindingView.Kind.ORPHAN
          ? Optional.of(known)
          : Optional.ofNullable(named.get(strange.found().name()));
    }

    Stream<Sighting> all() {
      return named.values().stream();
    }
  }

  private final EntityManager store;
  private final Audit audit;
  private final Clocks clocks;
  private final GrantSettings settings;

  Sightings(EntityManager store, Audit audit, Clocks clocks, GrantSettings settings) {
    this.store = store;
    this.audit = audit;
    this.clocks = clocks;
    this.settings = settings;
  }

  /**
   * Notes what a look at all of ours at a target saw; answers what is to be taken away now. Two
   * looks at one target take turns. What was seen before and is not any more is gone: somebody else
   * removed it, or this broker did and died before it could say so. What was found has its end in
   * the history either way.
   *
   * @param missingIsGone false where the target's answer proves nothing
   */
  @Transactional
  List<Doomed> seen(String target, List<Strange> all, boolean missingIsGone) {
    Instant now = clocks.now();
    store
        .createNativeQuery("select pg_advisory_xact_lock(hashtext('sightings ' || :target))")
        .setParameter("target", target)
        .getResultList();
    Open open = new Open(openAt(target));
    Set<String> seen = new HashSet<>();
    List<Doomed> doomed = new ArrayList<>();
    for (Strange strange : all) {
      Sighting sighting = open.of(strange).orElseGet(() -> found(target, strange, now));
      sighting.seen(strange.found(), strange.kind(), now);
      open.add(sighting);
      seen.add(sighting.id);
      if (isDoomed(sighting, now)) {
        doomed.add(new Doomed(sighting.id, strange.found().handle()));
      }
    }
    if (missingIsGone) {
      open.all().filter(each -> !seen.contains(each.id)).forEach(each -> goneByItself(each, now));
    }
    return doomed;
  }

  private Sighting found(String target, Strange strange, Instant now) {
    Sighting sighting = new Sighting(Ids.next(), target, strange.found(), strange.kind(), now);
    store.persist(sighting);
    audit.record(
        Entry.of(Kind.ORPHAN_FOUND, Caller.BROKER)
            .target(target)
            .outcome(Entry.Outcome.FAILED)
            .with("principal", sighting.name)
            .with("facts", List.of(words(sighting)))
            .with("until", Entries.time(sighting.markedUntil)));
    return sighting;
  }

  private void goneByItself(Sighting sighting, Instant now) {
    sighting.gone(now);
    audit.record(
        Entry.of(Kind.ORPHAN_GONE, Caller.BROKER)
            .target(sighting.target)
            .with("principal", sighting.name)
            .with("facts", List.of("a look at all of ours did not see it any more")));
  }

  @Transactional
  void revoked(String id, Verdict verdict) {
    Sighting sighting = store.find(Sighting.class, id, LockModeType.PESSIMISTIC_WRITE);
    if (sighting.goneAt != null) {
      return; // another look, at a start, was faster
    }
    sighting.gone(clocks.now());
    audit.record(
        Entry.of(Kind.ORPHAN_REVOKED, Caller.BROKER)
            .target(sighting.target)
            .with("principal", sighting.name)
            .with("facts", verdict.evidence())
            .with("verdict", verdict.presence().name()));
  }

  @Transactional
  void failed(String id, String why) {
    store.find(Sighting.class, id, LockModeType.PESSIMISTIC_WRITE).failed(why);
  }

  @Transactional
  List<FindingView> all() {
    return open().stream().map(this::view).toList();
  }

  @Transactional
  void release(Caller by, String id, Proven proof) {
    if (!by.has(Role.ADMINISTRATOR)) {
      throw new CurfewException(Fault.NOT_ALLOWED, "only an administrator decides about this");
    }
    Sighting sighting = store.find(Sighting.class, id, LockModeType.PESSIMISTIC_WRITE);
    if (sighting == null || sighting.goneAt != null) {
      throw CurfewException.notFound("finding");
    }
    if (sighting.kind != FindingView.Kind.ORPHAN) {
      throw new CurfewException(
          Fault.WRONG_STATE, "this is not ours by its mark: its owner must remove it");
    }
    sighting.released(by.person());
    audit.record(
        Entry.of(Kind.ORPHAN_RELEASED, by)
            .target(sighting.target)
            .with("principal", sighting.name)
            .with(proof));
  }

  /** The same, for what a quarantine listed. */
  @Transactional
  void release(Caller by, String target, String grant, Proven proof) {
    Sighting orphan = orphan(target, grant);
    if (orphan == null) {
      throw CurfewException.notFound("finding");
    }
    release(by, orphan.id, proof);
  }

  private boolean isDoomed(Sighting sighting, Instant now) {
    if (sighting.kind != FindingView.Kind.ORPHAN) {
      return false;
    }
    boolean graceOver = !sighting.firstSeenAt.plus(settings.orphanGrace()).isAfter(now);
    return sighting.releasedBy != null || (graceOver && !sighting.markedUntil.isAfter(now));
  }

  private Sighting orphan(String target, String grant) {
    return store
        .createQuery(
            "from Sighting s where s.target = :target and s.grant = :grant and s.kind = :kind"
                + " and s.goneAt is null",
            Sighting.class)
        .setParameter("target", target)
        .setParameter("grant", grant)
        .setParameter("kind", FindingView.Kind.ORPHAN)
        .getResultStream()
        .findFirst()
        .orElse(null);
  }

  /** Locked: what is decided about one of them meanwhile must not be overwritten. */
  private List<Sighting> openAt(String target) {
    return store
        .createQuery(
            "from Sighting s where s.target = :target and s.goneAt is null order by s.id",
            Sighting.class)
        .setParameter("target", target)
        .setLockMode(LockModeType.PESSIMISTIC_WRITE)
        .getResultList();
  }

  private List<Sighting> open() {
    return store
        .createQuery(
            "from Sighting s where s.goneAt is null order by s.firstSeenAt desc, s.id",
            Sighting.class)
        .getResultList();
  }

  private FindingView view(Sighting sighting) {
    return new FindingView(
        sighting.id,
        sighting.target,
        sighting.name,
        sighting.kind,
        sighting.open,
        sighting.markedUntil,
        sighting.firstSeenAt,
        sighting.lastSeenAt,
        sighting.releasedBy != null,
        words(sighting));
  }

  private String words(Sighting sighting) {
    return switch (sighting.kind) {
      case FOREIGN -> "made by another installation that uses our broker id; never touched here";
      case UNREADABLE -> "it has our name and no mark we can read; never touched here";
      case ORPHAN -> orphanWords(sighting);
    };
  }

  private String orphanWords(Sighting sighting) {
    String what = "ours by its mark, and no grant here knows it; ";
    if (sighting.problem != null) {
      return what + "it could not be taken away: " + sighting.problem;
    }
    if (sighting.releasedBy != null) {
      return what + "it is taken away at the next look";
    }
    return sighting.markedUntil.isAfter(clocks.now())
        ? what + "it is taken away when its end has come, or when an administrator says so"
        : what
            + "it is taken away "
            + settings.orphanGrace().toMinutes()
            + " minutes after it was"
            + " first seen";
  }
}

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
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What stands out at the targets, and what was decided about it. */
@ApplicationScoped
class Sightings {

  /** Something that is to be taken away now. */
  record Doomed(String id, Handle handle) {}

  /**
   * What was noted of something that was found.
   *
   * @param id of the sighting
   */
  record Noted(String id, Optional<Doomed> doomed) {}

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

  /** Notes a sighting, and says whether it is to be taken away now. */
  @Transactional
  Noted seen(String target, Found found, FindingView.Kind kind) {
    Instant now = clocks.now();
    Sighting sighting = known(target, found, kind);
    if (sighting == null) {
      sighting = new Sighting(Ids.next(), target, found, kind, now);
      store.persist(sighting);
      audit.record(
          Entry.of(Kind.ORPHAN_FOUND, Caller.BROKER)
              .target(target)
              .outcome(Entry.Outcome.FAILED)
              .with("principal", found.name())
              .with("facts", List.of(words(sighting)))
              .with("until", Entries.time(sighting.markedUntil)));
    } else {
      sighting.seen(found, kind, now);
    }
    Optional<Doomed> doomed = Optional.of(new Doomed(sighting.id, found.handle()));
    return new Noted(sighting.id, isDoomed(sighting, now) ? doomed : Optional.empty());
  }

  /**
   * What a sweep of the target no longer saw is gone: somebody else removed it, or this broker did
   * and died before it could say so. What was found has its end in the history either way.
   */
  @Transactional
  void goneExcept(String target, Set<String> seenIds) {
    Instant now = clocks.now();
    for (Sighting sighting : openAt(target)) {
      if (!seenIds.contains(sighting.id)) {
        sighting.gone(now);
        audit.record(
            Entry.of(Kind.ORPHAN_GONE, Caller.BROKER)
                .target(target)
                .with("principal", sighting.name)
                .with("facts", List.of("a look at all of ours did not see it any more")));
      }
    }
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

  /** An orphan has another name on its way out, and is the one that was reported. */
  private Sighting known(String target, Found found, FindingView.Kind kind) {
    Sighting orphan =
        kind == FindingView.Kind.ORPHAN ? orphan(target, found.handle().grant()) : null;
    return orphan == null ? named(target, found.name()) : orphan;
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

  private Sighting named(String target, String name) {
    return store
        .createQuery(
            "from Sighting s where s.target = :target and s.name = :name and s.goneAt is null",
            Sighting.class)
        .setParameter("target", target)
        .setParameter("name", name)
        .getResultStream()
        .findFirst()
        .orElse(null);
  }

  private List<Sighting> openAt(String target) {
    return store
        .createQuery(
            "from Sighting s where s.target = :target and s.goneAt is null", Sighting.class)
        .setParameter("target", target)
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
        ? what + "its end is still to come, so an administrator decides"
        : what
            + "it is taken away "
            + settings.orphanGrace().toMinutes()
            + " minutes after it was"
            + " first seen";
  }
}

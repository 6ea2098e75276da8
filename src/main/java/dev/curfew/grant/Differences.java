package dev.curfew.grant;

import dev.curfew.Clocks;
import dev.curfew.CurfewException;
import dev.curfew.Ids;
import dev.curfew.audit.Audit;
import dev.curfew.audit.Kind;
import dev.curfew.catalog.Catalog;
import dev.curfew.connector.Found;
import dev.curfew.connector.Mark;
import dev.curfew.identity.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Tuple;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What the looks during a quarantine saw, for every grant and every orphan. A target that none has
 * seen by its end is owed one: nothing ends there by time, and nothing is given, until it was
 * looked at and the ends that its marks name are taken over.
 */
@ApplicationScoped
class Differences {

  /** A mark holds the very end that the store set; more is a difference. */
  private static final Duration SAME = Duration.ofSeconds(1);

  private static final String NOT_YET = "not looked at yet";

  private final EntityManager store;
  private final Rows rows;
  private final Catalog catalog;
  private final Audit audit;
  private final Clocks clocks;

  Differences(EntityManager store, Rows rows, Catalog catalog, Audit audit, Clocks clocks) {
    this.store = store;
    this.rows = rows;
    this.catalog = catalog;
    this.audit = audit;
    this.clocks = clocks;
  }

  /**
   * Notes what a look at a target saw; what is not seen any more is forgotten. Where the look is
   * owed, the quarantine being over, the ends that its marks name count from here on; and where it
   * is not, another look was faster, and what this one saw may be of before.
   *
   * @param ours what carries this installation's mark
   * @param others the other targets: several may be on one server, and each lists its own grants
   * @param missing what this store holds for live, and the target proved absent
   */
  @Transactional
  void seen(String target, List<Found> ours, Set<String> others, List<Known.Active> missing) {
    // one node at a time: at a start every node looks at every target
    boolean over = rows.lockQuarantine() == null;
    if (over && !isOwed(target)) {
      return;
    }
    Map<String, Difference> known =
        store
            .createQuery("from Difference d where d.target = :target", Difference.class)
            .setParameter("target", target)
            .getResultStream()
            .collect(Collectors.toMap(each -> each.name, Function.identity()));
    Set<String> names = new HashSet<>();
    for (Found found : ours) {
      Mark mark = found.mark().orElseThrow();
      Grant grant = madeThere(mark.grant());
      if (grant != null && (grant.endReason != null || others.contains(grant.target))) {
        continue; // its end is decided and goes on; or it is listed where it belongs
      }
      Difference row = row(known, target, found.name(), mark.grant());
      row.kind = kind(grant, mark.until());
      row.open = found.open();
      row.storeUntil = grant == null ? null : grant.dueAt;
      row.markedUntil = mark.until();
      names.add(found.name());
    }
    for (Known.Active each : missing) {
      String name = each.handle().facts().getOrDefault("role", each.id());
      Difference row = row(known, target, name, each.id());
      row.kind = DifferenceView.Kind.NOT_AT_TARGET;
      row.open = false;
      row.storeUntil = store.find(Grant.class, each.id()).dueAt;
      row.markedUntil = null;
      names.add(name);
    }
    known.values().stream().filter(row -> !names.contains(row.name)).forEach(store::remove);
    if (over) {
      adoptMarkedEnds(Caller.BROKER);
      forget(target);
    } else {
      looked(target, null);
    }
  }

  /** This store takes over the ends that the marks name, where nobody decided otherwise. */
  int adoptMarkedEnds(Caller by) {
    List<Grant> moved = rows.adoptMarkedEnds();
    for (Grant grant : moved) {
      audit.record(
          Entries.of(Kind.GRANT_ADOPTED, by, grant).with("due_at", Entries.time(grant.dueAt)));
    }
    store.createNativeQuery("delete from quarantine_finding").executeUpdate();
    return moved.size();
  }

  /** No look at that target is owed any more. */
  @Transactional
  void forget(String target) {
    store
        .createNativeQuery("delete from quarantine_look where target = :target")
        .setParameter("target", target)
        .executeUpdate();
  }

  /** How the last look at a target went; null when it was seen. */
  @Transactional
  void looked(String target, String problem) {
    store
        .createNativeQuery(
            """
            insert into quarantine_look (target, at, problem) values (:target, :now, :problem)
            on conflict (target) do update set at = excluded.at, problem = excluded.problem
            where quarantine_look.problem <> excluded.problem
            """)
        .setParameter("target", target)
        .setParameter("now", clocks.now())
        .setParameter("problem", problem == null ? "" : problem)
        .executeUpdate();
  }

  /** Why a look that is owed could not be made. Where none is, it stays so: another was faster. */
  @Transactional
  void stillOwed(String target, String problem) {
    store
        .createNativeQuery(
            "update quarantine_look set at = :now, problem = :problem"
                + " where target = :target and problem not in ('', :problem)")
        .setParameter("target", target)
        .setParameter("now", clocks.now())
        .setParameter("problem", problem)
        .executeUpdate();
  }

  /** The targets that no look has seen since the quarantine began, each with the reason. */
  @Transactional
  SortedMap<String, String> notSeen() {
    SortedMap<String, String> notSeen = new TreeMap<>();
    catalog.targetIds().forEach(target -> notSeen.put(target, NOT_YET));
    store
        .createQuery(
            "select distinct g.target from Grant g where g.endReason is null", String.class)
        .getResultList()
        .forEach(target -> notSeen.put(target, NOT_YET));
    looks().forEach(look -> notSeen.put(look.get(0, String.class), look.get(1, String.class)));
    notSeen.values().removeIf(String::isEmpty);
    return notSeen;
  }

  /** At the end of a quarantine: who was not seen is owed a look. */
  void owe() {
    notSeen().forEach(this::looked);
    store.createNativeQuery("delete from quarantine_look where problem = ''").executeUpdate();
  }

  /** The targets that are owed a look since a quarantine ended, each with the reason. */
  @Transactional
  SortedMap<String, String> owed() {
    SortedMap<String, String> owed = new TreeMap<>();
    if (!rows.isQuarantined()) {
      looks().forEach(look -> owed.put(look.get(0, String.class), look.get(1, String.class)));
    }
    return owed;
  }

  boolean isOwed(String target) {
    return owed().containsKey(target);
  }

  @SuppressWarnings("unchecked")
  private List<Tuple> looks() {
    return store
        .createNativeQuery("select target, problem from quarantine_look", Tuple.class)
        .getResultList();
  }

  /** What differs, without what agrees. */
  @Transactional
  List<Difference> all() {
    return store
        .createQuery(
            "from Difference d where d.kind <> :same order by d.target, d.kind, d.name",
            Difference.class)
        .setParameter("same", DifferenceView.Kind.SAME)
        .getResultList();
  }

  Difference lock(String id) {
    Difference row = store.find(Difference.class, id, LockModeType.PESSIMISTIC_WRITE);
    if (row == null || row.kind == DifferenceView.Kind.SAME) {
      throw CurfewException.notFound("finding");
    }
    return row;
  }

  /**
   * What this store holds for planned, and is there: the call was made in the time that is lost, so
   * its end is a revocation and no mere cancelling.
   */
  private Grant madeThere(String id) {
    Grant grant = store.find(Grant.class, id);
    if (grant == null || grant.state != GrantState.PLANNED) {
      return grant;
    }
    Grant locked = rows.lock(id).orElseThrow();
    if (locked.state == GrantState.PLANNED) {
      locked.provisioning();
      locked.reached = true;
    }
    return locked;
  }

  private Difference row(Map<String, Difference> known, String target, String name, String grant) {
    return known.computeIfAbsent(
        name,
        fresh -> {
          Difference row = new Difference(Ids.next(), target, name, grant, clocks.now());
          row.kind = DifferenceView.Kind.SAME;
          store.persist(row);
          return row;
        });
  }

  static DifferenceView.Kind kind(Grant grant, Instant marked) {
    if (grant == null) {
      return DifferenceView.Kind.NOT_IN_STORE;
    }
    return Duration.between(grant.dueAt, marked).abs().compareTo(SAME) > 0
        ? DifferenceView.Kind.END_DIFFERS
        : DifferenceView.Kind.SAME;
  }
}

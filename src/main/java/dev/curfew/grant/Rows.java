package dev.curfew.grant;

import dev.curfew.Clocks;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.TypedQuery;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** The rows of grants, locked for the transaction that asks and read anew under the lock. */
@ApplicationScoped
class Rows {

  private static final Logger LOG = Logger.getLogger(Rows.class);

  private final EntityManager store;
  private final Clocks clocks;

  Rows(EntityManager store, Clocks clocks) {
    this.store = store;
    this.clocks = clocks;
  }

  void add(Grant grant) {
    store.persist(grant);
    store.flush();
  }

  void add(Fact fact) {
    store.persist(fact);
  }

  Optional<Grant> read(String id) {
    return Optional.ofNullable(store.find(Grant.class, id));
  }

  Optional<Grant> lock(String id) {
    Grant grant = store.find(Grant.class, id);
    if (grant == null) {
      return Optional.empty();
    }
    // what this transaction changed must not be lost when the row is read anew
    store.flush();
    store.refresh(grant, LockModeType.PESSIMISTIC_WRITE);
    return Optional.of(grant);
  }

  /** The grant, unless somebody else decides about it at this moment. */
  Optional<Grant> tryLock(String id) {
    return read(
            ids("select id from access_grant where id = :id for update skip locked")
                .setParameter("id", id))
        .stream()
        .findFirst();
  }

  /** The grant, if the claim still holds: nobody took over and nobody decided otherwise. */
  Optional<Grant> lock(Claim claim) {
    Optional<Grant> held = lock(claim.grant()).filter(grant -> grant.isHeldBy(claim));
    if (held.isEmpty()) {
      LOG.infof(
          "grant %s: refused what a call wanted to write that lost it meanwhile: its lease ran out"
              + " and another has it, or its end was decided",
          claim.grant());
    }
    return held;
  }

  /** A person's grants whose end is not decided, in one order: two callers never deadlock. */
  List<Grant> lockOpenOf(String person) {
    return read(
        ids("select id from access_grant where end_reason is null and person = :person"
                + " order by id for update")
            .setParameter("person", person));
  }

  List<Grant> lockOpen() {
    return read(ids("select id from access_grant where end_reason is null order by id for update"));
  }

  /**
   * What is past its end, the latest first; what another node has in hand is left to it. Nothing
   * while an accepted clock is not read here yet: this node's idea of the time is ahead then.
   * Nothing in a quarantine, whose ends are those of {@link #lockOverByMark}.
   *
   * @param unseen targets at which nothing ends by time yet; not empty
   */
  List<Grant> lockDue(Collection<String> unseen, int most) {
    long accepted = clocks.accepted(); // before the time: a reading between the two finds nothing
    return read(
        some(
                """
            select id from access_grant
            where state in ('PLANNED', 'PROVISIONING', 'ACTIVE') and due_at <= :time
              and exists (select 1 from store_clock where accepted = :accepted)
              and not exists (select 1 from store_quarantine where since is not null)
              and target not in (:unseen)
              and target not in (select target from quarantine_look)
            order by due_at limit :most for update skip locked
            """,
                clocks.now(),
                most)
            .setParameter("accepted", accepted)
            .setParameter("unseen", unseen));
  }

  /** In a quarantine: what its own mark at the target says is over, the latest first. */
  List<Grant> lockOverByMark(int most) {
    long accepted = clocks.accepted();
    return read(
        some(
                """
            select g.id from access_grant g join quarantine_finding d on d.grant_id = g.id
            where g.state in ('PLANNED', 'PROVISIONING', 'ACTIVE') and d.marked_until <= :time
              and exists (select 1 from store_clock where accepted = :accepted)
              and exists (select 1 from store_quarantine where since is not null)
            order by d.marked_until limit :most for update of g skip locked
            """,
                clocks.now(),
                most)
            .setParameter("accepted", accepted));
  }

  /**
   * Gives what differs in its end the end that its mark names; the first pick-up, too, may have
   * been in the time that is lost. Nothing of it is in hand of this transaction.
   */
  List<Grant> adoptMarkedEnds() {
    store.flush();
    store.clear();
    return read(
        ids(
            """
            with moved as (
              update access_grant g
              set due_at = d.marked_until, adopted_until = d.marked_until,
                picked_up_at = coalesce(g.picked_up_at,
                  d.marked_until - make_interval(secs => g.window_seconds)),
                issuing_at = coalesce(g.issuing_at,
                  d.marked_until - make_interval(secs => g.window_seconds))
              from quarantine_finding d
              where d.grant_id = g.id and g.end_reason is null and d.kind = 'END_DIFFERS'
              returning g.id)
            select id from moved
            """));
  }

  /** Whether no corrected clock was accepted since; asked under the lock of what is to end. */
  boolean isClock(long accepted) {
    return !store
        .createNativeQuery("select 1 from store_clock where accepted = :accepted")
        .setParameter("accepted", accepted)
        .getResultList()
        .isEmpty();
  }

  /** The ids of what {@link #lockDue} would find, the latest first. */
  List<String> due(Collection<String> unseen, int most) {
    return some(
            """
            select id from access_grant
            where state in ('PLANNED', 'PROVISIONING', 'ACTIVE') and due_at <= :time
              and not exists (select 1 from store_quarantine where since is not null)
              and target not in (:unseen)
              and target not in (select target from quarantine_look)
            order by due_at limit :most
            """,
            clocks.now(),
            most)
        .setParameter("unseen", unseen)
        .getResultList();
  }

  /** Whoever decides by whether there is a quarantine takes turns; since when, or null. */
  Instant lockQuarantine() {
    return (Instant)
        store
            .createNativeQuery("select since from store_quarantine for update", Instant.class)
            .getSingleResult();
  }

  boolean isQuarantined() {
    return store
            .createNativeQuery("select since from store_quarantine", Instant.class)
            .getSingleResult()
        != null;
  }

  /** What is being revoked since {@code then} or longer. */
  List<Grant> lockEndingSince(Instant then, int most) {
    return read(
        some(
            """
            select id from access_grant where state = 'REVOKING' and ending_at <= :time
            order by ending_at limit :most for update skip locked
            """,
            then,
            most));
  }

  /** What the steps of its revocation did, in their order. */
  List<Fact> facts(String grant) {
    return store
        .createQuery("from Fact f where f.grant = :grant order by f.id", Fact.class)
        .setParameter("grant", grant)
        .getResultList();
  }

  private TypedQuery<String> some(String sql, Instant time, int most) {
    return ids(sql).setParameter("time", time).setParameter("most", most);
  }

  @SuppressWarnings("unchecked")
  private TypedQuery<String> ids(String sql) {
    return (TypedQuery<String>) store.createNativeQuery(sql, String.class);
  }

  /**
   * What that locked, in its order. A statement that names no columns would fail on each connection
   * once after a later version added one.
   */
  private List<Grant> read(TypedQuery<String> locked) {
    List<String> ids = locked.getResultList();
    if (ids.isEmpty()) {
      return List.of();
    }
    Map<String, Grant> byId =
        store
            .createQuery("from Grant g where g.id in :ids", Grant.class)
            .setParameter("ids", ids)
            .getResultStream()
            .collect(Collectors.toMap(grant -> grant.id, Function.identity()));
    return ids.stream().map(byId::get).toList();
  }
}

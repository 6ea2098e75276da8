package dev.curfew.request;

import dev.curfew.CurfewException;
import dev.curfew.Ids;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.TypedQuery;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds and locks the stored requests and votes. Called inside the transaction of a flow. */
@ApplicationScoped
class StoredRequests {

  private static final String WAITING =
      " from AccessRequest r where r.person <> :reader and r.state = PENDING and r.lapseAt > :now"
          + " and exists (select 1 from r.stages s where s.group in :groups)"
          + " and not exists (select 1 from CastVote v where v.request = r.id and v.voter = :reader)";

  private final EntityManager store;

  StoredRequests(EntityManager store) {
    this.store = store;
  }

  void add(AccessRequest request) {
    store.persist(request);
    store.flush();
  }

  void add(CastVote vote) {
    store.persist(vote);
    store.flush();
  }

  Optional<AccessRequest> find(String id) {
    return Ids.isId(id)
        ? Optional.ofNullable(store.find(AccessRequest.class, id))
        : Optional.empty();
  }

  /**
   * Locked until the transaction ends: what is decided about it is decided by one call at a time.
   *
   * @throws CurfewException NOT_FOUND
   */
  AccessRequest lock(String id) {
    List<?> locked =
        store
            .createNativeQuery(
                "select id from access_request where id = :id for update", String.class)
            .setParameter("id", id)
            .getResultList();
    if (locked.isEmpty()) {
      throw CurfewException.notFound("request");
    }
    AccessRequest request = store.find(AccessRequest.class, id);
    // it may have been read before the lock was had
    store.refresh(request);
    return request;
  }

  Optional<AccessRequest> ofGrant(String grantId) {
    return store
        .createQuery("from AccessRequest r where r.grant = :grant", AccessRequest.class)
        .setParameter("grant", grantId)
        .getResultStream()
        .findFirst();
  }

  Optional<AccessRequest> byKey(String person, String key) {
    return store
        .createQuery(
            "from AccessRequest r where r.person = :person and r.idempotencyKey = :key",
            AccessRequest.class)
        .setParameter("person", person)
        .setParameter("key", key)
        .getResultStream()
        .findFirst();
  }

  Optional<AccessRequest> pending(String person, String entitlement) {
    return store
        .createQuery(
            "from AccessRequest r where r.person = :person and r.entitlement = :entitlement"
                + " and r.state = PENDING",
            AccessRequest.class)
        .setParameter("person", person)
        .setParameter("entitlement", entitlement)
        .getResultStream()
        .findFirst();
  }

  List<AccessRequest> pendingOf(String person) {
    return store
        .createQuery(
            "from AccessRequest r where r.person = :person and r.state = PENDING order by r.id",
            AccessRequest.class)
        .setParameter("person", person)
        .getResultList();
  }

  long pending() {
    return store
        .createQuery("select count(*) from AccessRequest r where r.state = PENDING", Long.class)
        .getSingleResult();
  }

  long askedSince(String person, Instant since) {
    return store
        .createQuery(
            "select count(*) from AccessRequest r where r.person = :person and r.createdAt > :since",
            Long.class)
        .setParameter("person", person)
        .setParameter("since", since)
        .getSingleResult();
  }

  /** Locks some of what waited too long; what another transaction is deciding is passed over. */
  List<AccessRequest> lockLapsed(Instant now, int most) {
    @SuppressWarnings("unchecked")
    List<String> ids =
        store
            .createNativeQuery(
                "select id from access_request where state = 'PENDING' and lapse_at <= :now"
                    + " order by lapse_at limit :most for update skip locked",
                String.class)
            .setParameter("now", now)
            .setParameter("most", most)
            .getResultList();
    return ids.stream().map(this::lock).toList();
  }

  /**
   * One at a time for each person, until the transaction ends: limits and duplicates are counted by
   * one call at a time.
   */
  void oneAskAtATime(String person) {
    store
        .createNativeQuery(
            "select cast(pg_advisory_xact_lock(hashtextextended('ask:' || :person, 0)) as text)",
            String.class)
        .setParameter("person", person)
        .getSingleResult();
  }

  List<CastVote> votes(String request) {
    return store
        .createQuery(
            "from CastVote v where v.request = :request order by v.at, v.id", CastVote.class)
        .setParameter("request", request)
        .getResultList();
  }

  Optional<CastVote> voteOf(String request, String voter) {
    return votes(request).stream().filter(vote -> vote.voter.equals(voter)).findFirst();
  }

  /** Votes of a person that count on requests which are not decided. */
  List<CastVote> openVotesOf(String voter) {
    return store
        .createQuery(
            "from CastVote v where v.voter = :voter and v.voidedAt is null and exists"
                + " (select 1 from AccessRequest r where r.id = v.request and r.state = PENDING)"
                + " order by v.request",
            CastVote.class)
        .setParameter("voter", voter)
        .getResultList();
  }

  /** False when the person used the key for a pick-up before. */
  boolean firstPickUp(String person, String key, String grantId, Instant at) {
    return store
            .createNativeQuery(
                "insert into pickup_key (person, idempotency_key, grant_id, at)"
                    + " values (:person, :key, :grant, :at) on conflict do nothing")
            .setParameter("person", person)
            .setParameter("key", key)
            .setParameter("grant", grantId)
            .setParameter("at", at)
            .executeUpdate()
        == 1;
  }

  boolean pickedUpBy(String person, String key) {
    return !store
        .createNativeQuery(
            "select 1 from pickup_key where person = :person and idempotency_key = :key",
            Integer.class)
        .setParameter("person", person)
        .setParameter("key", key)
        .getResultList()
        .isEmpty();
  }

  /** The person's own, newest first. */
  List<AccessRequest> of(String person, RequestState state, Cursor after, int most) {
    return newest("r.person = :reader", state, after, most)
        .setParameter("reader", person)
        .getResultList();
  }

  /** All there are, newest first. */
  List<AccessRequest> all(RequestState state, Cursor after, int most) {
    return newest("1 = 1", state, after, most).getResultList();
  }

  /** The person's own and those that the groups are asked about, newest first. */
  List<AccessRequest> seenBy(
      String person, Set<String> groups, RequestState state, Cursor after, int most) {
    String seen =
        "(r.person = :reader or exists (select 1 from r.stages s where s.group in :groups))";
    return newest(seen, state, after, most)
        .setParameter("reader", person)
        .setParameter("groups", groups)
        .getResultList();
  }

  private TypedQuery<AccessRequest> newest(
      String which, RequestState state, Cursor after, int most) {
    String inState = state == null ? "" : " and r.state = :state";
    TypedQuery<AccessRequest> query =
        store
            .createQuery(
                "from AccessRequest r where "
                    + which
                    + inState
                    + " and (r.createdAt < :at or (r.createdAt = :at and r.id < :id))"
                    + " order by r.createdAt desc, r.id desc",
                AccessRequest.class)
            .setParameter("at", after.createdAt())
            .setParameter("id", after.id())
            .setMaxResults(most);
    return state == null ? query : query.setParameter("state", state);
  }

  /** What waits for the person's vote, oldest first. */
  List<AccessRequest> waitingFor(
      String person, Set<String> groups, Instant now, Cursor after, int most) {
    return store
        .createQuery(
            "select r"
                + WAITING
                + " and (r.createdAt > :at or (r.createdAt = :at and r.id > :id))"
                + " order by r.createdAt, r.id",
            AccessRequest.class)
        .setParameter("reader", person)
        .setParameter("groups", groups)
        .setParameter("now", now)
        .setParameter("at", after.createdAt())
        .setParameter("id", after.id())
        .setMaxResults(most)
        .getResultList();
  }

  int countWaitingFor(String person, Set<String> groups, Instant now) {
    return store
        .createQuery("select count(*)" + WAITING, Long.class)
        .setParameter("reader", person)
        .setParameter("groups", groups)
        .setParameter("now", now)
        .getSingleResult()
        .intValue();
  }
}

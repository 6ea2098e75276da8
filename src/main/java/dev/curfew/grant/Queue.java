package dev.curfew.grant;

import dev.curfew.Clocks;
import dev.curfew.audit.Audit;
import dev.curfew.audit.Kind;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/**
 * Who works on which grant. One statement claims: it skips what others hold, sets a lease, raises
 * the fence and commits; no transaction is open while a target is called.
 */
@ApplicationScoped
class Queue {

  /** What is to be done at a target. */
  enum Work {
    PROVISION("'PLANNED', 'PROVISIONING'"),
    REVOKE("'REVOKING', 'STUCK'");

    private final String states;

    Work(String states) {
      this.states = states;
    }
  }

  /**
   * The calls under way count over all nodes, so that a slow target holds up none but itself. What
   * was not answered the last time comes after all else, and keeps half of a node's workers at
   * most: many targets that are down must not hold up the others. What may be live comes before
   * what is left over. Hand-outs do not count against revocations: asking again and again must not
   * postpone an end. Two nodes that claim at the same moment may together go over the cap by what
   * one of them claims.
   */
  private static final String CLAIM =
      """
      with room as (
        select due.target, :cap - (select count(*) from access_grant b
                                   where b.target = due.target and b.lease_until > :now
                                     and (b.state <> 'ACTIVE' or :handing_out)) as free
        from (select distinct target from access_grant
              where next_at <= :due and state in (%1$s)) due
      ), found as (
        select c.*, row_number() over (
          partition by c.unreached order by c.rest, c.next_at, c.id) as nth
        from room
        cross join lateral (
          select g.id, g.unreached, g.dead_at is not null and not g.seen_live as rest, g.next_at,
            g.lease_owner as left_by
          from access_grant g
          where g.target = room.target and g.next_at <= :due and g.state in (%1$s)
            and (g.lease_until is null or g.lease_until <= :now)
          order by g.unreached, rest, g.next_at, g.id
          limit greatest(0, room.free) for update skip locked) c
      ), picked as (
        select id, left_by from found
        where not unreached or nth <= :retries
          - (select count(*) from access_grant
             where lease_owner = :owner and lease_until > :now and unreached)
        order by unreached, rest, next_at, id limit :most
      )
      update access_grant g
      set lease_owner = :owner, lease_until = :until, fence = g.fence + 1, attempts = g.attempts + 1
      from picked where g.id = picked.id
      returning g.id, g.target, g.fence, picked.left_by is not null
      """;

  private static final Duration LEFT_TO_OTHERS = Duration.ofSeconds(10);
  private static final int LOOKS = 4;

  private final EntityManager store;
  private final Clocks clocks;
  private final GrantSettings settings;
  private final Timekeeping timekeeping;
  private final Audit audit;
  private final Event<TakenOver> takenOver;
  private long accepted = -1;
  private int looks;

  Queue(
      EntityManager store,
      Clocks clocks,
      GrantSettings settings,
      Timekeeping timekeeping,
      Audit audit,
      Event<TakenOver> takenOver) {
    this.store = store;
    this.clocks = clocks;
    this.settings = settings;
    this.timekeeping = timekeeping;
    this.audit = audit;
    this.takenOver = takenOver;
  }

  /** Takes up to {@code most} due calls. */
  @Transactional
  List<Claim> claim(Work work, String owner, int most) {
    Instant now = clocks.now();
    Instant until = now.plus(settings.lease());
    int cap = settings.perTarget();
    List<?> rows =
        store
            .createNativeQuery(CLAIM.formatted(work.states))
            .setParameter("now", now)
            .setParameter("due", work == Work.PROVISION ? now.minus(leftToOthers()) : now)
            .setParameter("until", until)
            .setParameter("owner", owner)
            .setParameter("cap", work == Work.REVOKE ? cap : Math.max(1, cap / 2))
            .setParameter("handing_out", work != Work.REVOKE)
            .setParameter("retries", Math.max(1, settings.workers() / 2))
            .setParameter("most", most)
            .getResultList();
    rows.stream().map(row -> (Object[]) row).filter(row -> (Boolean) row[3]).forEach(this::tell);
    return rows.stream().map(row -> claim((Object[]) row, owner, until)).toList();
  }

  /** A node that may give nothing takes what no other took, to say why it waits. */
  private Duration leftToOthers() {
    return timekeeping.isThisMachineOff() ? LEFT_TO_OTHERS : Duration.ZERO;
  }

  /** Whoever had the call fell silent in the middle of it: few at a time, and worth knowing. */
  private void tell(Object[] row) {
    Grant grant = store.find(Grant.class, row[0]);
    audit.record(Entries.byBroker(Kind.GRANT_TAKEN_OVER, grant).with("attempt", grant.attempts));
    takenOver.fire(new TakenOver(grant.id, grant.target));
  }

  /**
   * Keeps the leases of calls that still run; what others took meanwhile stays theirs. A row that
   * somebody is deciding about is left to the next time: waiting for it could hold up the rest, or
   * meet that somebody head-on.
   */
  @Transactional
  void renew(Collection<Claim> held) {
    Instant until = clocks.now().plus(settings.lease());
    for (Claim claim : held) {
      store
          .createNativeQuery(
              """
              update access_grant set lease_until = :until
              where id in (select id from access_grant
                           where id = :id and fence = :fence and lease_owner = :owner
                           for update skip locked)
              """)
          .setParameter("until", until)
          .setParameter("id", claim.grant())
          .setParameter("fence", claim.fence())
          .setParameter("owner", claim.owner())
          .executeUpdate();
    }
  }

  /**
   * An accepted clock moves all back at once; but until this node has heard of it, it still writes
   * the old time. So when it has, it looks for a while for what would wait that long.
   */
  @Transactional
  int mendTimes() {
    long known = clocks.accepted();
    if (known != accepted) {
      looks = accepted < 0 ? 0 : LOOKS;
      accepted = known;
    }
    if (looks == 0) {
      return 0;
    }
    looks--;
    Instant now = clocks.now();
    return store
        .createNativeQuery(
            """
            update access_grant
            set next_at = case when next_at > :furthest then :now else next_at end,
                lease_until = case when lease_until > :furthest then :until else lease_until end
            where ended_at is null and (next_at > :furthest or lease_until > :furthest)
            """)
        .setParameter("now", now)
        .setParameter("until", now.plus(settings.lease()))
        .setParameter(
            "furthest", now.plus(settings.lease()).plus(settings.retryMost().multipliedBy(2)))
        .executeUpdate();
  }

  /**
   * Lets others have these calls at once. The fence rises: what their worker still does, it cannot
   * write any more.
   */
  @Transactional
  void giveBack(Collection<Claim> held) {
    for (Claim claim : held) {
      store
          .createNativeQuery(
              """
              update access_grant set lease_owner = null, lease_until = null, fence = fence + 1
              where id = :id and fence = :fence and lease_owner = :owner
              """)
          .setParameter("id", claim.grant())
          .setParameter("fence", claim.fence())
          .setParameter("owner", claim.owner())
          .executeUpdate();
    }
  }

  /**
   * One waiting grant of each target that could not be reached: to look whether it answers. Another
   * each time, since one of them may never be answered for, as one of a server that was replaced.
   */
  @Transactional
  List<Waiting> waiting() {
    List<?> ids =
        store
            .createNativeQuery(
                """
                select distinct on (target) id from access_grant
                where unreached and ended_at is null order by target, random()
                """,
                String.class)
            .getResultList();
    return ids.stream()
        .map(id -> store.find(Grant.class, id))
        .map(grant -> new Waiting(grant.target, grant.handle(), grant.receipt()))
        .toList();
  }

  /** The target answers again: all that waited for it is due now. */
  @Transactional
  int wake(String target) {
    Instant now = clocks.now();
    return store
        .createNativeQuery(
            """
            update access_grant set next_at = least(next_at, :now), unreached = false
            where id in (select id from access_grant
                         where target = :target and unreached and ended_at is null
                         for update skip locked)
            """)
        .setParameter("now", now)
        .setParameter("target", target)
        .executeUpdate();
  }

  private static Claim claim(Object[] row, String owner, Instant until) {
    long fence = ((Number) row[2]).longValue();
    return new Claim((String) row[0], (String) row[1], owner, fence, until);
  }
}

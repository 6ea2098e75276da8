package dev.curfew.grant;

import dev.curfew.Clocks;
import dev.curfew.audit.History;
import dev.curfew.audit.Kind;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Tuple;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** The figures an operator watches, read from the store when asked: of all nodes together. */
@ApplicationScoped
public class GrantGauges {

  /** So many of the latest ends say how late ends are. */
  private static final int ENDS = 100;

  /**
   * What there is to do at one target. Durations are zero where there is nothing to count from.
   *
   * @param waiting calls due now that no worker has in hand
   * @param waitingFor how long the oldest of them has been due
   * @param inHand calls under way, on any node
   * @param overdue how long ago the oldest end was due that is not proven
   * @param overdueLive the same of those after which somebody may still be inside
   * @param stuckLive grants that may still be live past their end: stuck, or overstaying
   * @param stuckLiveFor how long ago the oldest of them should have been over
   * @param overstaying those of them that nobody began to take away
   * @param stuckLeftover grants with something left to remove, that nobody can be inside by
   * @param stuckLeftoverFor how long ago the oldest of them should have been over
   * @param live grants whose end is not decided
   */
  public record AtTarget(
      String target,
      long waiting,
      Duration waitingFor,
      long inHand,
      Duration overdue,
      Duration overdueLive,
      long stuckLive,
      Duration stuckLiveFor,
      long overstaying,
      long stuckLeftover,
      Duration stuckLeftoverFor,
      long live) {

    public static AtTarget nothing(String target) {
      Duration none = Duration.ZERO;
      return new AtTarget(target, 0, none, 0, none, none, 0, none, 0, 0, none, 0);
    }
  }

  /** Targets without an open grant are left out. */
  public record Reading(List<AtTarget> targets) {

    public Reading {
      targets = List.copyOf(targets);
    }

    public AtTarget at(String target) {
      return targets.stream()
          .filter(each -> each.target().equals(target))
          .findFirst()
          .orElse(AtTarget.nothing(target));
    }

    public long stuckLive() {
      return sum(AtTarget::stuckLive);
    }

    public long stuckLeftover() {
      return sum(AtTarget::stuckLeftover);
    }

    public long live() {
      return sum(AtTarget::live);
    }

    /** How long ago the oldest end was due that is not proven. */
    public Duration overdue() {
      return targets.stream()
          .map(AtTarget::overdue)
          .max(Comparator.naturalOrder())
          .orElse(Duration.ZERO);
    }

    private long sum(ToLongFunction<AtTarget> part) {
      return targets.stream().mapToLong(part).sum();
    }
  }

  /**
   * How late the latest ends were: from the end being due to no session being left.
   *
   * @param count of how many ends; at most 100
   * @param worstGrant the latest of them; null without any
   */
  public record Ends(int count, Duration median, Duration worst, String worstGrant) {}

  private record End(String grant, Duration late) {}

  private final EntityManager store;
  private final Clocks clocks;
  private final Deadlines deadlines;
  private final History history;

  GrantGauges(EntityManager store, Clocks clocks, Deadlines deadlines, History history) {
    this.store = store;
    this.clocks = clocks;
    this.deadlines = deadlines;
    this.history = history;
  }

  @Transactional
  public Reading read() {
    Instant now = clocks.now();
    List<Tuple> rows =
        store
            .createNativeQuery(
                """
                with open as (
                  select target, state, end_reason, next_at,
                    coalesce(lease_until > :now, false) as held,
                    state in ('REVOKING', 'STUCK') or due_at <= :passed as passed,
                    end_reason is null and due_at <= :overstayed as untaken,
                    (dead_at is null or seen_live)
                      and (issuing_at is not null or alive_open) as may_live,
                    least(ending_at, case when alive_again then ending_at else due_at end) as over
                  from access_grant where ended_at is null)
                select target,
                  count(*) filter (where next_at <= :now and not held) as waiting,
                  min(next_at) filter (where next_at <= :now and not held) as waiting_since,
                  count(*) filter (where held) as in_hand,
                  min(over) filter (where passed) as overdue_since,
                  min(over) filter (where passed and may_live) as overdue_live_since,
                  count(*) filter (where may_live and (state = 'STUCK' or untaken)) as stuck_live,
                  min(over) filter (where may_live and (state = 'STUCK' or untaken))
                    as stuck_live_since,
                  count(*) filter (where may_live and untaken) as overstaying,
                  count(*) filter (where state = 'STUCK' and not may_live) as leftover,
                  min(over) filter (where state = 'STUCK' and not may_live) as leftover_since,
                  count(*) filter (where end_reason is null) as live
                from open group by target order by target
                """,
                Tuple.class)
            .setParameter("now", now)
            .setParameter("passed", deadlines.passed())
            .setParameter("overstayed", deadlines.overstayed())
            .getResultList();
    return new Reading(rows.stream().map(row -> atTarget(row, now)).toList());
  }

  @Transactional
  public Ends ends() {
    List<Tuple> rows =
        store
            .createNativeQuery(
                """
                select id, dead_at,
                  least(ending_at, case when alive_again then ending_at else due_at end) as over
                from access_grant where state = 'ENDED' and dead_at is not null
                order by ended_at desc limit :most
                """,
                Tuple.class)
            .setParameter("most", ENDS)
            .getResultList();
    return ends(rows.stream().map(GrantGauges::end).toList());
  }

  /** Calls that were taken over in the last hour because their worker's lease ran out. */
  public long takenOver() {
    return history.count(Kind.GRANT_TAKEN_OVER, clocks.now().minus(Duration.ofHours(1)));
  }

  private static Ends ends(List<End> ends) {
    if (ends.isEmpty()) {
      return new Ends(0, Duration.ZERO, Duration.ZERO, null);
    }
    List<End> sorted = ends.stream().sorted(Comparator.comparing(End::late)).toList();
    int n = sorted.size();
    Duration median = sorted.get((n - 1) / 2).late().plus(sorted.get(n / 2).late()).dividedBy(2);
    End worst = sorted.get(n - 1);
    return new Ends(n, median, worst.late(), worst.grant());
  }

  private static End end(Tuple row) {
    Duration late = since(row, "over", row.get("dead_at", Instant.class));
    return new End(row.get("id", String.class), late);
  }

  private static AtTarget atTarget(Tuple row, Instant now) {
    Function<String, Duration> since = name -> since(row, name, now);
    return new AtTarget(
        row.get("target", String.class),
        count(row, "waiting"),
        since.apply("waiting_since"),
        count(row, "in_hand"),
        since.apply("overdue_since"),
        since.apply("overdue_live_since"),
        count(row, "stuck_live"),
        since.apply("stuck_live_since"),
        count(row, "overstaying"),
        count(row, "leftover"),
        since.apply("leftover_since"),
        count(row, "live"));
  }

  private static Duration since(Tuple row, String name, Instant now) {
    Instant since = row.get(name, Instant.class);
    return since == null || since.isAfter(now) ? Duration.ZERO : Duration.between(since, now);
  }

  private static long count(Tuple counts, String name) {
    return ((Number) counts.get(name)).longValue();
  }
}

package dev.curfew.grant;

import dev.curfew.Clocks;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Tuple;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The figures an operator watches, read from the store when asked. */
@ApplicationScoped
public class GrantGauges {

  /**
   * @param queued calls due now, by target
   * @param oldestDue how long the oldest revocation that is not proven waits; zero without one
   * @param stuckLive grants that may still be live past their end
   * @param stuckLeftover grants with something left to remove
   * @param live grants whose end is not decided
   */
  public record Reading(
      Map<String, Long> queued, Duration oldestDue, long stuckLive, long stuckLeftover, long live) {

    public Reading {
      queued = Map.copyOf(queued);
    }
  }

  private final EntityManager store;
  private final Clocks clocks;

  GrantGauges(EntityManager store, Clocks clocks) {
    this.store = store;
    this.clocks = clocks;
  }

  @Transactional
  public Reading read() {
    Instant now = clocks.now();
    Tuple counts =
        (Tuple)
            store
                .createNativeQuery(
                    """
                    select
                      count(*) filter (where state = 'STUCK' and dead_at is null
                        and (issuing_at is not null or alive_open)) as live_stuck,
                      count(*) filter (where state = 'STUCK') as stuck,
                      count(*) filter (where end_reason is null) as live,
                      min(least(ending_at, case when alive_again then ending_at else due_at end))
                        filter (where state in ('REVOKING', 'STUCK')
                          or (end_reason is null and due_at <= :now)) as oldest
                    from access_grant where ended_at is null
                    """,
                    Tuple.class)
                .setParameter("now", now)
                .getSingleResult();
    long stuckLive = count(counts, "live_stuck");
    Instant oldest = counts.get("oldest", Instant.class);
    return new Reading(
        queued(now),
        oldest == null ? Duration.ZERO : Duration.between(oldest, now),
        stuckLive,
        count(counts, "stuck") - stuckLive,
        count(counts, "live"));
  }

  private Map<String, Long> queued(Instant now) {
    List<Object[]> rows =
        store
            .createQuery(
                "select g.target, count(g) from Grant g where g.nextAt <= :now group by g.target",
                Object[].class)
            .setParameter("now", now)
            .getResultList();
    return rows.stream().collect(Collectors.toMap(row -> (String) row[0], row -> (Long) row[1]));
  }

  private static long count(Tuple counts, String name) {
    return ((Number) counts.get(name)).longValue();
  }
}

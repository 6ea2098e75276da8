package dev.curfew.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.Clocks;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * One of many targets takes every connection and never answers, while as many grants end there as
 * at each of the others. {@code -Dcurfew.faults.targets} and {@code -Dcurfew.faults.rows} say how
 * many of both.
 */
@Tag("faults")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HangingTargetIT {

  private static final boolean FULL = "full".equals(System.getProperty("curfew.faults"));
  private static final int TARGETS = size("targets", 16, 50);
  private static final int EACH = size("rows", 64, 2_000) / TARGETS;
  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration BACK = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final String HUNG = "t" + TARGETS;

  /**
   * Calls that one target may have at once, {@code curfew.grant.per-target}; two nodes that claim
   * in the same moment may together take twice as many.
   */
  private static final int MOST_IN_HAND = 2 * 4;

  private final Fleet fleet = new Fleet("hangs", TARGETS, Map.of());
  private final List<String> others =
      fleet.targets.keySet().stream().filter(target -> !target.equals(HUNG)).toList();
  private Trial trial;
  private Observer observer;
  private long mostInHand;

  @BeforeAll
  void start() {
    fleet.start(2);
    trial = new Trial(fleet, Bounds.ofTheDesign());
    observer = trial.observer;
  }

  @AfterAll
  void stop() {
    fleet.close();
  }

  @Test
  void oneTargetThatHangsDelaysNoneOfTheOthers() throws SQLException {
    Instant begun = now();
    if (TARGETS * EACH > 200) {
      // so many at once take longer than one may, whatever hangs; that none is lost is judged
      observer.fault(begun, Instant.MAX, BACK);
    }
    Duration before = allOver(made(others), List.of());

    List<Fleet.Made> hung = made(List.of(HUNG));
    List<Connection> inside = fleet.enterAll(hung);
    List<Fleet.Made> living = made(others);
    Instant from = now();
    observer.fault(from, Instant.MAX, BACK);
    fleet.targets.get(HUNG).swallow();
    Duration beside = allOver(living, hung);
    assertEquals(0, fleet.over(hung), "it hangs");
    assertTrue(mostInHand > 0, "it was tried");
    assertTrue(
        mostInHand <= MOST_IN_HAND,
        () -> "calls that hung at once kept hands from the others: " + mostInHand);

    fleet.targets.get(HUNG).pass();
    observer.fault(from, now(), BACK);
    Duration dead = Fleet.await("dead there", PATIENCE, () -> Fleet.alive(inside) == 0);
    Duration last = Fleet.await("over there", PATIENCE, () -> fleet.over(hung) == hung.size());
    Duration after = allOver(made(others), List.of());
    System.out.printf(
        "faults: one of %d targets hangs, %d grants at each: the others over %s after their end,"
            + " %s before and %s after; at most %d calls hung; dead %s after the return,"
            + " all over %s later%n",
        TARGETS, EACH, beside, before, after, mostInHand, dead, last);
    Duration slower = before.compareTo(after) > 0 ? before : after;
    assertTrue(beside.compareTo(slower.multipliedBy(2)) <= 0, "those beside took twice as long");
    assertTrue(dead.compareTo(BACK) <= 0, "dead soon after the return: " + dead);
    if (TARGETS * EACH > 200) {
      observer.fault(begun, now(), BACK);
    }
    trial.judge();
  }

  private List<Fleet.Made> made(List<String> at) throws SQLException {
    return fleet.grants(at, EACH, 1, now().plus(LONG));
  }

  /** These end now, and what hangs as well; how long after it these are over, by proof. */
  private Duration allOver(List<Fleet.Made> grants, List<Fleet.Made> hung) {
    List<Connection> inside = fleet.enterAll(grants);
    assertEquals(others.size(), inside.size(), "who is inside");
    Instant due = now();
    String all =
        Stream.concat(hung.stream(), grants.stream())
            .map(Fleet.Made::id)
            .collect(Collectors.joining("','"));
    fleet.run("update access_grant set due_at = clock_timestamp() where id in ('" + all + "')");
    String atHung =
        "select count(*) from access_grant where lease_until > clock_timestamp() and target = '"
            + HUNG
            + "'";
    Duration[] dead = new Duration[1];
    Fleet.await(
        "all over",
        PATIENCE,
        () -> {
          mostInHand = Math.max(mostInHand, fleet.number(atHung));
          if (dead[0] == null && Fleet.alive(inside) == 0) {
            dead[0] = Duration.between(due, now());
          }
          return fleet.over(grants) == grants.size();
        });
    Duration took = Duration.between(due, now());
    assertEquals(0, Fleet.alive(inside), "who is inside");
    System.out.printf(
        "faults: %d sessions of %d grants that end: dead at the latest %s after the end%n",
        inside.size(), grants.size(), dead[0]);
    return took;
  }

  private static int size(String what, int sample, int full) {
    return Integer.getInteger("curfew.faults." + what, FULL ? full : sample);
  }

  private static Instant now() {
    return Clocks.ofThisMachine();
  }
}

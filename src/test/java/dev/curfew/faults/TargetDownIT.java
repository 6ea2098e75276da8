package dev.curfew.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.Clocks;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Targets that cannot be reached when access to them ends, in five ways at once, beside one that is
 * well. {@code -Dcurfew.faults.down=1,20,90} says for how many minutes, in real time; without it
 * for the 25 seconds of a sample.
 */
@Tag("faults")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TargetDownIT {

  private static final boolean FULL = "full".equals(System.getProperty("curfew.faults"));
  private static final Duration PROMISED = Duration.ofSeconds(15);
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration BACK = Duration.ofSeconds(10);
  private static final Duration STUCK = Duration.ofSeconds(60);
  private static final List<String> ILL = List.of("t1", "t2", "t3", "t4", "t5");

  private final Fleet fleet = new Fleet("down", 6, Set.of("t5"), Map.of());
  private Trial trial;
  private Observer observer;

  static Stream<Duration> outages() {
    String minutes = System.getProperty("curfew.faults.down", FULL ? "1,20,90" : "");
    return minutes.isBlank()
        ? Stream.of(Duration.ofSeconds(25))
        : Arrays.stream(minutes.split(",")).map(Integer::parseInt).map(Duration::ofMinutes);
  }

  @BeforeAll
  void start() {
    fleet.start(2);
    trial = new Trial(fleet, Bounds.ofTheDesign());
    observer = trial.observer;
    observer.leavesOut(fleet.broker("t5"));
  }

  @AfterAll
  void stop() {
    fleet.close();
  }

  @ParameterizedTest
  @MethodSource("outages")
  void whatEndsWhileItsTargetIsDownIsDeadSoonAfterItIsBackAndHoldsUpNoOther(Duration outage)
      throws SQLException {
    // in a long outage the machine may be busy with other things when they are made
    int lead = outage.compareTo(STUCK) > 0 ? 40 : 6;
    Instant due = inSeconds(2 * lead);
    List<Fleet.Made> grants = fleet.grants(ILL, 4, 2, due);
    List<Connection> inside = fleet.enterAll(grants);
    assertEquals(2 * ILL.size(), inside.size(), "who is inside");
    Instant from = now();
    observer.fault(from, Instant.MAX, BACK);
    takeDown();

    List<Duration> beside = new ArrayList<>();
    Instant back = due.plus(outage);
    do {
      beside.add(endsBeside(lead));
      assertEquals(0, fleet.over(grants), "nothing is proven where nobody can look");
      Duration rest = Duration.between(now(), back);
      if (rest.compareTo(Duration.ZERO) > 0) {
        Fleet.rest(rest.compareTo(Duration.ofMinutes(3)) > 0 ? Duration.ofMinutes(2) : rest);
      }
    } while (now().isBefore(back));
    assertEquals(0, fleet.over(grants), "nothing is proven where nobody can look");
    assertEquals(inside.size(), Fleet.alive(inside), "those inside are there until it is back");
    if (outage.compareTo(STUCK.multipliedBy(2)) > 0) {
      assertEquals(grants.size(), stuck(grants), "it says that they are stuck");
    }

    Instant returned = now();
    bringBack();
    observer.fault(from, now(), BACK);
    Duration dead = Fleet.await("dead at the targets", PATIENCE, () -> Fleet.alive(inside) == 0);
    Duration proven =
        Fleet.await("proven", PATIENCE, () -> fleet.over(grants) == grants.size()).plus(dead);
    beside.add(endsBeside(lead));
    Duration latest = beside.stream().max(Duration::compareTo).orElseThrow();
    System.out.printf(
        "faults: five targets down for %s, %d grants, %d inside: dead %s after the return at %s,"
            + " proven %s after it; beside them %d times 3 ended, the latest dead %s after the end%n",
        outage, grants.size(), inside.size(), dead, returned, proven, beside.size(), latest);
    assertTrue(dead.compareTo(BACK) <= 0, "dead soon after the return: " + dead);
    assertTrue(latest.compareTo(PROMISED) <= 0, "those beside were not held up: " + beside);
    trial.judge();
  }

  /** Three grants of the target that is well end; how long after it nobody was inside. */
  private Duration endsBeside(int lead) throws SQLException {
    Instant due = inSeconds(lead);
    List<Fleet.Made> grants = fleet.grants(List.of("t6"), 3, 2, due);
    List<Connection> inside = fleet.enterAll(grants);
    assertEquals(2, inside.size(), "who is inside");
    Fleet.await("those beside are dead", PATIENCE, () -> Fleet.alive(inside) == 0);
    Duration late = Duration.between(due, now());
    Fleet.await("those beside are proven", PATIENCE, () -> fleet.over(grants) == grants.size());
    return late;
  }

  private void takeDown() {
    fleet.targets.get("t1").refuse();
    fleet.targets.get("t2").swallow();
    fleet.targets.get("t3").reset();
    fleet.targets.get("t4").acceptAfter(Duration.ofSeconds(30));
    fleet.onServer("alter role " + fleet.broker("t5") + " password 'other'");
  }

  private void bringBack() {
    fleet.onServer("alter role " + fleet.broker("t5") + " password 'broker'");
    fleet.targets.values().forEach(Wire::pass);
  }

  private long stuck(List<Fleet.Made> grants) {
    return grants.stream().filter(grant -> fleet.state(grant.id()).equals("STUCK")).count();
  }

  private static Instant now() {
    return Clocks.ofThisMachine();
  }

  private static Instant inSeconds(int seconds) {
    return now().plusSeconds(seconds);
  }
}

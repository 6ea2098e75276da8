package dev.curfew;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ClocksTest {

  private static final Instant NOON = Instant.parse("2026-03-29T12:00:00Z");

  private long nanos;
  private Instant wall = NOON;
  private Instant storeClock = NOON;
  private Instant mark = NOON;
  private long accepted;
  private boolean down;

  /** As the store does it; see StoreClock. */
  private Clocks.Reading raise(Instant carried, long known) {
    if (down) {
      throw new IllegalStateException("no answer");
    }
    if (storeClock.isAfter(mark)) {
      mark = storeClock;
    }
    boolean behind = carried != null && carried.isAfter(storeClock.plusSeconds(1));
    if (behind && known == accepted && carried.isAfter(mark)) {
      mark = carried;
    }
    return new Clocks.Reading(storeClock, mark, accepted);
  }

  private Clocks node() {
    return new Clocks(this::raise, () -> nanos, () -> wall);
  }

  private void pass(Duration time) {
    nanos += time.toNanos();
    wall = wall.plus(time);
    storeClock = storeClock.plus(time);
  }

  @Test
  void betweenTwoReadingsTimeGoesOnByTheMonotonicClock() {
    Clocks clocks = node();
    clocks.refresh();
    nanos += Duration.ofSeconds(3).toNanos();
    assertEquals(NOON.plusSeconds(3), clocks.now());
    assertEquals(Duration.ofSeconds(3), clocks.sinceReading());
  }

  @Test
  void aJumpOfTheMachinesClockChangesNothingButIsSeen() {
    Clocks clocks = node();
    clocks.refresh();
    wall = wall.minus(Duration.ofHours(1));
    pass(Duration.ofSeconds(5));
    clocks.refresh();
    assertEquals(NOON.plusSeconds(5), clocks.now());
    assertEquals(Duration.ofHours(1), clocks.skew().machine());
    assertEquals(Duration.ZERO, clocks.skew().behind());
    assertTrue(clocks.skew().words().startsWith("this machine's clock"), clocks.skew().words());
  }

  @Test
  void aStoreThatIsSetBackDoesNotTakeTheTimeBack() {
    Clocks clocks = node();
    clocks.refresh();
    pass(Duration.ofSeconds(5));
    storeClock = storeClock.minus(Duration.ofMinutes(10));
    clocks.refresh();
    assertEquals(NOON.plusSeconds(5), clocks.now());
    assertEquals(Duration.ofMinutes(10), clocks.skew().behind());
    assertTrue(clocks.skew().words().contains("600 s behind"), clocks.skew().words());
    for (int i = 0; i < 100; i++) {
      pass(Duration.ofSeconds(5));
      clocks.refresh();
    }
    assertEquals(NOON.plusSeconds(505), clocks.now());
    assertEquals(storeClock, clocks.storeTime());
  }

  @Test
  void aNodeThatStartsAfterTheStoreWasSetBackBeginsAtTheMark() {
    Clocks first = node();
    first.refresh();
    pass(Duration.ofMinutes(30));
    first.refresh();
    storeClock = storeClock.minus(Duration.ofHours(1));
    assertEquals(NOON.plus(Duration.ofMinutes(30)), node().now());
  }

  @Test
  void aStoreSetForwardTakesTheTimeAlongAndLeavesItThere() {
    Clocks clocks = node();
    clocks.refresh();
    storeClock = storeClock.plus(Duration.ofHours(1));
    clocks.refresh();
    assertEquals(NOON.plus(Duration.ofHours(1)), clocks.now());
    storeClock = storeClock.minus(Duration.ofHours(1));
    clocks.refresh();
    assertEquals(NOON.plus(Duration.ofHours(1)), clocks.now());
    assertEquals(Duration.ofHours(1), clocks.skew().behind());
  }

  @Test
  void anAcceptedClockCountsOnEveryNodeAndNoneBringsTheOldTimeBack() {
    Clocks one = node();
    Clocks other = node();
    storeClock = storeClock.plus(Duration.ofHours(1));
    one.refresh();
    other.refresh();
    storeClock = storeClock.minus(Duration.ofHours(1));
    one.refresh();
    accepted++;
    mark = storeClock;
    other.refresh();
    one.refresh();
    assertEquals(NOON, one.now());
    assertEquals(NOON, other.now());
    assertEquals(1, other.accepted());
    assertEquals(Duration.ZERO, other.skew().worst());
  }

  @Test
  void ratesThatDifferALittleDoNotPileUp() {
    Clocks clocks = node();
    clocks.refresh();
    for (int i = 0; i < 10_000; i++) {
      pass(Duration.ofSeconds(5));
      nanos += 100_000; // 20 ppm of five seconds
      clocks.refresh();
    }
    assertEquals(storeClock, clocks.now());
  }

  @Test
  void aStoreThatDoesNotAnswerLeavesTheTimeRunning() {
    Clocks clocks = node();
    clocks.refresh();
    down = true;
    pass(Duration.ofSeconds(40));
    assertEquals(NOON.plusSeconds(40), clocks.now());
    assertEquals(Duration.ofSeconds(40), clocks.sinceReading());
  }

  @Test
  void aSlowAnswerIsNoDifferenceOfClocks() {
    Clocks clocks =
        new Clocks(
            (carried, known) -> {
              wall = wall.plusSeconds(8);
              return new Clocks.Reading(NOON.plusSeconds(2), NOON.plusSeconds(2), 0);
            },
            () -> nanos,
            () -> wall);
    clocks.refresh();
    assertEquals(Duration.ZERO, clocks.skew().machine());
    assertFalse(clocks.skew().worst().compareTo(Duration.ofSeconds(5)) > 0);
  }
}

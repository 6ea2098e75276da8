package dev.curfew.audit;

import dev.curfew.Clocks;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The times of entries written on this node: no two are equal and a later entry has a later time,
 * though a new reading of the store's clock may step back a little. So a timeline reads in the
 * order in which things happened.
 */
final class EntryClock {

  private static final Duration SMALL_STEP = Duration.ofSeconds(1);

  private final Clocks clocks;
  private Instant last = Instant.EPOCH;

  EntryClock(Clocks clocks) {
    this.clocks = clocks;
  }

  synchronized Instant next() {
    Instant now = clocks.now();
    boolean slightlyBehind = !now.isAfter(last) && now.plus(SMALL_STEP).isAfter(last);
    last = slightlyBehind ? last.plus(1, ChronoUnit.MICROS) : now;
    return last;
  }
}

package dev.curfew.audit;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How far the numbering is: the history is complete up to entry {@code n}.
 *
 * @param n the last number; 0 while there is none
 * @param at the time of that entry; null while there is none
 * @param newer entries that have no number yet
 * @param lag how long the oldest of those has waited; zero without any
 */
public record Progress(long n, Instant at, long newer, Duration lag) {

  private static final Duration NORMAL = Duration.ofSeconds(10);

  /** Whether an operator must look: numbering should take well under a second. */
  public boolean isLate() {
    return lag.compareTo(NORMAL) > 0;
  }

  /** What is wrong and what to do, when something is. */
  public Optional<String> warning() {
    return isLate()
        ? Optional.of(
            "Entries have waited for their number for "
                + Words.duration(lag)
                + ". Timelines are complete, this list and exports are not. Is a node running, and"
                + " can it write to the store?")
        : Optional.empty();
  }
}

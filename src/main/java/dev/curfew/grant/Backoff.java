package dev.curfew.grant;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** How long to wait before the next try: it doubles, up to a most, 20 % more or less. */
final class Backoff {

  private static final double SPREAD = 0.2;
  private static final int FURTHEST = 30;

  private Backoff() {}

  /**
   * @param attempts calls made in a row without success, 1 after the first
   * @param atLeast what the target asked for
   */
  static Duration after(int attempts, Duration most, Duration atLeast) {
    Duration doubled = Duration.ofSeconds(1L << Math.min(Math.max(0, attempts), FURTHEST));
    Duration wait = doubled.compareTo(most) < 0 ? doubled : most;
    double factor = 1 + ThreadLocalRandom.current().nextDouble(-SPREAD, SPREAD);
    Duration spread = Duration.ofMillis((long) (wait.toMillis() * factor));
    return spread.compareTo(atLeast) < 0 ? atLeast : spread;
  }
}

package dev.curfew.connector;

import java.time.Duration;

/** How long a call may take, by the monotonic clock. */
public final class Limits {

  private final long endNanos;

  private Limits(long endNanos) {
    this.endNanos = endNanos;
  }

  /** All of the call must be over within this time. */
  public static Limits within(Duration whole) {
    return new Limits(System.nanoTime() + whole.toNanos());
  }

  /** What is left, never negative. */
  public Duration left() {
    return Duration.ofNanos(Math.max(0, endNanos - System.nanoTime()));
  }

  public boolean isOver() {
    return left().isZero();
  }

  /**
   * The smaller of what is left and {@code most}: for one connection or one statement of the call.
   */
  public Duration atMost(Duration most) {
    Duration left = left();
    return left.compareTo(most) < 0 ? left : most;
  }
}

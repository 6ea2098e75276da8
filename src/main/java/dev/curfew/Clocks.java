package dev.curfew;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The only source of time. The store's clock is the one authority: it is read every few seconds and
 * carried forward by this machine's monotonic clock, so a jump of the machine's wall clock changes
 * nothing. A mark kept in the store holds the latest time that was ever read: a store whose clock
 * is set back does not take the time back with it, and no access that was over opens again.
 *
 * <p>Times are truncated to microseconds, what PostgreSQL keeps: a hash over a time must not break
 * after a reload.
 */
public final class Clocks {

  /**
   * What the store answered.
   *
   * @param clock its own {@code clock_timestamp()}
   * @param mark the time that counts, never before {@code clock}
   * @param accepted how often an administrator accepted a corrected clock
   */
  public record Reading(Instant clock, Instant mark, long accepted) {}

  /** Where the clock and the mark are kept. */
  @FunctionalInterface
  public interface Store {

    /**
     * Raises the mark to the store's own clock; or to {@code carried}, where the clock is more than
     * a second behind it and no corrected clock was accepted since {@code accepted}. Below a second
     * it is the difference of two good clocks, which would pile up (20 ppm are 12 s a week).
     *
     * @param carried the time that counts as this node has it; null at its first reading
     * @throws RuntimeException when the store cannot be reached
     */
    Reading raise(Instant carried, long accepted);
  }

  /**
   * How far clocks are apart that should agree.
   *
   * @param machine this machine's wall clock and the store's clock
   * @param behind how far the store's clock is behind the time that counts: it was set back
   */
  public record Skew(Duration machine, Duration behind) {

    private static final Duration ALIKE = Duration.ofSeconds(5);

    public Duration worst() {
      return machine.compareTo(behind) > 0 ? machine : behind;
    }

    /** In words, with what to do. A store that was set back is apart from this machine, too. */
    public String words() {
      return machine.compareTo(behind.plus(ALIKE)) > 0
          ? "this machine's clock and the store's are %d s apart: set them by the same time server"
              .formatted(machine.toSeconds())
          : "the store's clock is %d s behind the time it had: mend it, or let an administrator accept it"
              .formatted(behind.toSeconds());
    }
  }

  private record Held(Reading reading, long receivedNanos, Duration machine) {}

  private final Store store;
  private final LongSupplier nanos;
  private final Supplier<Instant> wall;
  private volatile Held held;

  public Clocks(Store store) {
    this(store, System::nanoTime, Instant::now);
  }

  Clocks(Store store, LongSupplier nanos, Supplier<Instant> wall) {
    this.store = store;
    this.nanos = nanos;
    this.wall = wall;
  }

  /** Takes a new reading of the store's clock. Called by boot every few seconds. */
  public synchronized void refresh() {
    Held last = held;
    Instant before = wall.get();
    Reading reading =
        last == null
            ? store.raise(null, 0)
            : store.raise(carried(last, last.reading().mark()), last.reading().accepted());
    long received = nanos.getAsLong();
    held = new Held(reading, received, apart(reading.clock(), before, wall.get()));
  }

  /** The time now, in UTC and microseconds. Reads the store if it never did. */
  public Instant now() {
    Held last = reading();
    return carried(last, last.reading().mark());
  }

  /**
   * The store's own clock now, also where it was set back: for what the world outside counts by its
   * time, as one-time codes are. Nothing ends or begins by it.
   */
  public Instant storeTime() {
    Held last = reading();
    return carried(last, last.reading().clock());
  }

  /** How often a corrected clock was accepted, as this node knows. */
  public long accepted() {
    return reading().reading().accepted();
  }

  public Skew skew() {
    Held last = reading();
    Reading reading = last.reading();
    return new Skew(last.machine(), Duration.between(reading.clock(), reading.mark()));
  }

  /** How long ago the store's clock was last read. A node that lost its store hands out nothing. */
  public Duration sinceReading() {
    Held last = held;
    return last == null
        ? Duration.ofDays(1)
        : Duration.ofNanos(nanos.getAsLong() - last.receivedNanos());
  }

  /** This machine's own clock: only for commands that have no store. */
  public static Instant ofThisMachine() {
    return truncated(Instant.now());
  }

  public static Instant truncated(Instant instant) {
    return instant.truncatedTo(ChronoUnit.MICROS);
  }

  private Held reading() {
    if (held == null) {
      refresh();
    }
    return held;
  }

  private Instant carried(Held last, Instant from) {
    return truncated(from.plusNanos(nanos.getAsLong() - last.receivedNanos()));
  }

  /** The store read its clock somewhere between the two: a slow answer is not a difference. */
  private static Duration apart(Instant clock, Instant before, Instant after) {
    if (clock.isBefore(before)) {
      return Duration.between(clock, before);
    }
    return clock.isAfter(after) ? Duration.between(after, clock) : Duration.ZERO;
  }
}

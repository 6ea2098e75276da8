package dev.curfew;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.LongSupplier;

/**
 * The only source of time. The store's clock is the one authority: it is read every few seconds and
 * carried forward by this machine's monotonic clock, so a jump of the machine's wall clock changes
 * nothing. Times are truncated to microseconds, what PostgreSQL keeps: a hash over a time must not
 * break after a reload.
 */
public final class Clocks {

  /** Reads the store's {@code clock_timestamp()}; may throw when the store cannot be reached. */
  @FunctionalInterface
  public interface Store {
    Instant read();
  }

  private record Reading(Instant instant, long receivedNanos) {}

  private final Store store;
  private final LongSupplier nanos;
  private volatile Reading reading;

  public Clocks(Store store) {
    this(store, System::nanoTime);
  }

  Clocks(Store store, LongSupplier nanos) {
    this.store = store;
    this.nanos = nanos;
  }

  /** Takes a new reading of the store's clock. Called by boot every few seconds. */
  public void refresh() {
    Instant instant = store.read();
    reading = new Reading(instant, nanos.getAsLong());
  }

  /** The time now, by the store, in UTC and microseconds. Reads the store if it never did. */
  public Instant now() {
    Reading last = reading;
    if (last == null) {
      refresh();
      last = reading;
    }
    return truncated(last.instant().plusNanos(nanos.getAsLong() - last.receivedNanos()));
  }

  /** How long ago the store's clock was last read. A node that lost its store hands out nothing. */
  public Duration sinceReading() {
    Reading last = reading;
    return last == null
        ? Duration.ofDays(1)
        : Duration.ofNanos(nanos.getAsLong() - last.receivedNanos());
  }

  public static Instant truncated(Instant instant) {
    return instant.truncatedTo(ChronoUnit.MICROS);
  }
}

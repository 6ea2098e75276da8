package dev.curfew.web;

import dev.curfew.Clocks;
import dev.curfew.CurfewException;
import dev.curfew.Fault;
import jakarta.ws.rs.Priorities;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * The store is down or frozen: that is said within seconds. While its clock has not been heard of
 * for long, no call waits for it; the first calls end by their own limits, and are known here.
 */
class StoreTrouble {

  /** Three times the pause between two readings of the store's clock. */
  private static final Duration SILENCE = Duration.ofSeconds(15);

  private static final Duration SOON = Duration.ofSeconds(5);

  private final Clocks clocks;

  StoreTrouble(Clocks clocks) {
    this.clocks = clocks;
  }

  /** Before anybody asks the store who calls. */
  @ServerRequestFilter(priority = Priorities.AUTHENTICATION - 200)
  void refuseWhileSilent() {
    if (clocks.sinceReading().compareTo(SILENCE) > 0) {
      throw new CurfewException(
              Fault.STORE_UNAVAILABLE,
              "Curfew's store does not answer; nothing was done, try again")
          .retryAfter(SOON);
    }
  }

  /** What a call broken by the store is answered. */
  static CurfewException refusal() {
    return new CurfewException(
            Fault.STORE_UNAVAILABLE,
            "Curfew's store does not answer; what you did may or may not have happened: look before"
                + " you try again")
        .retryAfter(SOON);
  }

  /** Whether the store's silence, and no fault of ours, is behind the failure. */
  static boolean isBehind(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && (isLost(sql.getSQLState()) || isFull(sql))) {
        return true;
      }
    }
    return false;
  }

  /** No connection, too many of them, or the server shuts down, starts or goes away. */
  private static boolean isLost(String state) {
    return state != null
        && (state.startsWith("08") || state.startsWith("53") || state.startsWith("57P"));
  }

  /** All connections wait for an answer, or none could be made; the pool has no state for it. */
  private static boolean isFull(SQLException failure) {
    String words = failure.getMessage();
    return words != null && words.toLowerCase(Locale.ROOT).contains("acquisition timeout");
  }
}

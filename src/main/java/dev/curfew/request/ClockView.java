package dev.curfew.request;

import dev.curfew.Clocks;
import java.time.Instant;

/**
 * How the clocks stand, as the answering node sees them.
 *
 * @param now the time that counts
 * @param storeTime the store's own clock
 * @param storeBehindSeconds how far it is behind the time that counts: it was set back
 * @param machineApartSeconds how far this machine's clock and the store's are apart; above 30 s
 *     this node gives no access
 */
public record ClockView(
    Instant now, Instant storeTime, double storeBehindSeconds, double machineApartSeconds) {

  static ClockView of(Clocks clocks) {
    Clocks.Skew skew = clocks.skew();
    return new ClockView(
        clocks.now(),
        clocks.storeTime(),
        skew.behind().toMillis() / 1e3,
        skew.machine().toMillis() / 1e3);
  }
}

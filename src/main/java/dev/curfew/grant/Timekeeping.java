package dev.curfew.grant;

import dev.curfew.Clocks;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;

/**
 * Whether this node knows the time well enough to give. Taking away goes on whatever the clocks do:
 * it follows the latest time known.
 */
@ApplicationScoped
public class Timekeeping {

  private final Clocks clocks;
  private final GrantSettings settings;

  Timekeeping(Clocks clocks, GrantSettings settings) {
    this.clocks = clocks;
    this.settings = settings;
  }

  /** Why this node must give nothing now; empty when it may. */
  public Optional<String> objection() {
    Duration silence = clocks.sinceReading();
    if (silence.compareTo(settings.storeSilence()) > 0) {
      return Optional.of("this node lost its store and gives nothing until it answers again");
    }
    Clocks.Skew skew = clocks.skew();
    return skew.worst().compareTo(settings.clockSkew()) > 0
        ? Optional.of("no access is given while clocks differ: " + skew.words())
        : Optional.empty();
  }

  /** Only this machine's clock speaks against giving: another node may know the time. */
  boolean isThisMachineOff() {
    Clocks.Skew skew = clocks.skew();
    return skew.machine().compareTo(settings.clockSkew()) > 0
        && skew.behind().compareTo(settings.clockSkew()) <= 0;
  }
}

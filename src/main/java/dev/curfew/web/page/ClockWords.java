package dev.curfew.web.page;

import dev.curfew.request.ClockView;
import io.quarkus.qute.TemplateExtension;

/** How the clocks stand, for the colour of their card and whether there is something to accept. */
@TemplateExtension
public final class ClockWords {

  private ClockWords() {}

  /** No new access is given. */
  public static boolean isApart(ClockView clock) {
    return worst(clock) > Trouble.APART;
  }

  public static boolean isDrifting(ClockView clock) {
    return worst(clock) > Trouble.DRIFTING;
  }

  /** The store's clock was set back, and may be accepted. */
  public static boolean isBehind(ClockView clock) {
    return clock.storeBehindSeconds() >= 1;
  }

  private static double worst(ClockView clock) {
    return Math.max(clock.storeBehindSeconds(), clock.machineApartSeconds());
  }
}

package dev.curfew.web.page;

import dev.curfew.request.Forecast;

/**
 * What the ask's form shows beside it.
 *
 * @param forecast null when there is none
 * @param refusal why there is none, such as a window that is no number; empty otherwise
 */
public record Outlook(Forecast forecast, String refusal) {

  /** Whether an earlier proof of the same session may do; if it did not, a fresh one is asked. */
  boolean recentEnough() {
    return forecast != null && !forecast.askWithin().isZero();
  }
}

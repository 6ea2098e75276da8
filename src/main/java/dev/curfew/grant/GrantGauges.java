package dev.curfew.grant;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.util.Map;

/** The figures an operator watches, read from the store when asked. */
@ApplicationScoped
public class GrantGauges {

  /**
   * @param queued calls due now, by target
   * @param oldestDue how long the oldest due revocation waits
   * @param stuckLive grants that may still be live past their end
   * @param stuckLeftover grants with something left to remove
   * @param live grants whose end is not decided
   */
  public record Reading(
      Map<String, Long> queued, Duration oldestDue, long stuckLive, long stuckLeftover, long live) {

    public Reading {
      queued = Map.copyOf(queued);
    }
  }

  @Transactional
  public Reading read() {
    throw new UnsupportedOperationException();
  }
}

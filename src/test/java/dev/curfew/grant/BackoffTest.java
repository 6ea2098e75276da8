package dev.curfew.grant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {

  private static final Duration MOST = Duration.ofSeconds(60);

  @Test
  void theWaitDoublesUpToTheMostTwentyPercentMoreOrLess() {
    for (int attempts = 1; attempts < 200; attempts++) {
      double expected = Math.min(60, Math.pow(2, attempts)) * 1000;
      double waited = Backoff.after(attempts, MOST, Duration.ZERO).toMillis();
      assertTrue(
          Math.abs(waited - expected) <= expected * 0.2 + 1,
          attempts + " attempts waited " + waited + " ms");
    }
  }

  @Test
  void whatTheTargetAskedForIsTheLeast() {
    assertEquals(Duration.ofMinutes(5), Backoff.after(1, MOST, Duration.ofMinutes(5)));
  }
}

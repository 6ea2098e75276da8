package dev.curfew.boot;

import dev.curfew.Clocks;
import dev.curfew.catalog.RevokeOnly;
import dev.curfew.catalog.Snapshots;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready: this node may give as well as take away. Not ready does not mean idle: it goes on
 * revoking.
 */
@Readiness
@Singleton
class ReadyCheck implements HealthCheck {

  private static final Duration SILENCE = Duration.ofSeconds(30);

  private final RevokeOnly revokeOnly;
  private final Snapshots snapshots;
  private final Clocks clocks;

  ReadyCheck(RevokeOnly revokeOnly, Snapshots snapshots, Clocks clocks) {
    this.revokeOnly = revokeOnly;
    this.snapshots = snapshots;
    this.clocks = clocks;
  }

  @Override
  public HealthCheckResponse call() {
    HealthCheckResponseBuilder answer = HealthCheckResponse.named("gives and takes away").up();
    int n = 0;
    for (String problem : revokeOnly.problems()) {
      n++;
      answer.withData("problem " + n, problem).down();
    }
    if (clocks.sinceReading().compareTo(SILENCE) > 0) {
      return answer.withData("store", "its clock was not read for 30 s").down().build();
    }
    if (snapshots.accepted().isEmpty()) {
      answer.withData("packs", "no packs and rules are accepted yet").down();
    }
    return answer.build();
  }
}

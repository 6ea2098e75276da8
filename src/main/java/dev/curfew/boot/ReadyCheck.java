package dev.curfew.boot;

import dev.curfew.catalog.RevokeOnly;
import dev.curfew.catalog.Snapshots;
import dev.curfew.grant.Quarantine;
import dev.curfew.grant.Timekeeping;
import jakarta.inject.Singleton;
import java.util.Optional;
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

  private final RevokeOnly revokeOnly;
  private final Snapshots snapshots;
  private final Timekeeping timekeeping;
  private final Quarantine quarantine;

  ReadyCheck(
      RevokeOnly revokeOnly, Snapshots snapshots, Timekeeping timekeeping, Quarantine quarantine) {
    this.quarantine = quarantine;
    this.revokeOnly = revokeOnly;
    this.snapshots = snapshots;
    this.timekeeping = timekeeping;
  }

  @Override
  public HealthCheckResponse call() {
    HealthCheckResponseBuilder answer = HealthCheckResponse.named("gives and takes away").up();
    int n = 0;
    for (String problem : revokeOnly.problems()) {
      n++;
      answer.withData("problem " + n, problem).down();
    }
    Optional<String> objection = timekeeping.objection();
    if (objection.isPresent()) {
      return answer.withData("time", objection.get()).down().build();
    }
    quarantine
        .objection()
        .ifPresent(why -> answer.withData("quarantine", why + ": /admin/quarantine").down());
    if (snapshots.accepted().isEmpty()) {
      answer.withData("packs", "no packs and rules are accepted yet").down();
    }
    return answer.build();
  }
}

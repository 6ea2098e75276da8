package dev.curfew.grant;

import io.quarkus.arc.DefaultBean;
import jakarta.inject.Singleton;
import java.util.Optional;

@DefaultBean
@Singleton
class NoClearance implements Clearance {
  @Override
  public Optional<String> objection(String requestId, String grantId, boolean handingOut) {
    return Optional.of("no request is known");
  }
}

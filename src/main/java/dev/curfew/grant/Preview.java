package dev.curfew.grant;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/** What a grant would do, before there is one. Pure: no target is called. */
@ApplicationScoped
public class Preview {

  /**
   * @param grantId reserved by the caller, so that the names shown are the names made
   * @throws dev.curfew.CurfewException NOT_FOUND when there is no such entitlement
   */
  public Effects of(String entitlement, String grantId, Duration window) {
    throw new UnsupportedOperationException();
  }
}

package dev.curfew.policy;

import jakarta.enterprise.context.ApplicationScoped;

/** The policy of the accepted snapshot. */
@ApplicationScoped
public class Policies {

  /**
   * @throws dev.curfew.CurfewException {@code REVOKE_ONLY} when no snapshot is accepted
   */
  public Policy current() {
    throw new UnsupportedOperationException();
  }
}

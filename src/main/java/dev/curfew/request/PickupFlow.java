package dev.curfew.request;

import dev.curfew.grant.Handover;
import dev.curfew.identity.Caller;
import dev.curfew.mfa.Offered;
import jakarta.enterprise.context.ApplicationScoped;

/** Hands the secret of a grant to its person, once for each ask and each proof. */
@ApplicationScoped
public class PickupFlow {

  public Handover pickUp(Caller caller, String grantId, Offered offered) {
    return pickUp(caller, grantId, offered, null);
  }

  /**
   * @param idempotencyKey a second call with the same key is refused, since a secret is never shown
   *     twice; may be null
   */
  public Handover pickUp(Caller caller, String grantId, Offered offered, String idempotencyKey) {
    throw new UnsupportedOperationException();
  }
}

package dev.curfew.grant;

import dev.curfew.identity.Caller;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * Hands out the secret: a lease first, then the call, then the record, then the answer. A death
 * anywhere in between costs the person one more ask.
 */
@ApplicationScoped
public class Pickup {

  /**
   * The cheap refusals, before a proof is spent.
   *
   * @throws dev.curfew.CurfewException NOT_FOUND; WRONG_STATE after the end; PICKUP_IN_PROGRESS,
   *     with when to come back, while it is being provided or another pick-up runs
   */
  public void ready(String grantId) {
    throw new UnsupportedOperationException();
  }

  /**
   * Makes a new secret and hands it over; the first time starts the window.
   *
   * @param proofWords which proof of MFA was brought
   * @param inTransaction consumes the proof, in the transaction that starts the pick-up; what it
   *     throws undoes it
   * @throws dev.curfew.CurfewException as {@link #ready}; NOT_ALLOWED when the request may no
   *     longer be served; TARGET_UNAVAILABLE when nothing could be handed out
   */
  public Handover pickUp(Caller by, String grantId, String proofWords, Runnable inTransaction) {
    throw new UnsupportedOperationException();
  }
}

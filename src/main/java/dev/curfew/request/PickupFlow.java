package dev.curfew.request;

import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.audit.Recorded;
import dev.curfew.catalog.RevokeOnly;
import dev.curfew.grant.Handover;
import dev.curfew.grant.Pickup;
import dev.curfew.identity.Caller;
import dev.curfew.identity.Scope;
import dev.curfew.mfa.Act;
import dev.curfew.mfa.Need;
import dev.curfew.mfa.Offered;
import dev.curfew.mfa.Proof;
import dev.curfew.mfa.Proofs;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/** Hands the secret of a grant to its person, once for each ask and each proof. */
@ApplicationScoped
public class PickupFlow {

  private static final Duration NEXT_CODE = Duration.ofSeconds(30);

  private final PickupDesk desk;
  private final Pickup pickup;
  private final Proofs proofs;
  private final RevokeOnly revokeOnly;

  PickupFlow(PickupDesk desk, Pickup pickup, Proofs proofs, RevokeOnly revokeOnly) {
    this.desk = desk;
    this.pickup = pickup;
    this.proofs = proofs;
    this.revokeOnly = revokeOnly;
  }

  @Recorded("pick-up")
  public Handover pickUp(Caller caller, String grantId, Offered offered) {
    return pickUp(caller, grantId, offered, null);
  }

  /**
   * @param idempotencyKey a second call with the same key is refused, since a secret is never shown
   *     twice; may be null
   * @throws CurfewException NOT_FOUND, NOT_ALLOWED, WRONG_STATE after the end, NOT_REPEATABLE,
   *     PICKUP_IN_PROGRESS, TARGET_UNAVAILABLE, and those of the proof
   */
  @Recorded("pick-up")
  public Handover pickUp(Caller caller, String grantId, Offered offered, String idempotencyKey) {
    revokeOnly.refuse();
    Rights.demand(caller, Scope.REQUEST);
    String key = IdempotencyKey.checked(idempotencyKey);
    boolean passkeyOnly = desk.check(caller, grantId, key);
    pickup.ready(grantId);
    Act act = Act.of("pick-up").with("grant", grantId);
    Proof proof = proofs.spend(caller, act, Need.pickUp(passkeyOnly), offered);
    try {
      return pickup.pickUp(
          caller,
          grantId,
          proof.proven(),
          () -> {
            proofs.consume(proof);
            desk.note(caller, grantId, key);
          });
    } catch (CurfewException refusal) {
      throw afterSpending(proof, refusal);
    }
  }

  /** A code works once, whatever came of it: the next try needs the next one. */
  static CurfewException afterSpending(Proof proof, CurfewException refusal) {
    if (refusal.fault() != Fault.TARGET_UNAVAILABLE || proof.kind() != Proof.Kind.CODE) {
      return refusal;
    }
    return new CurfewException(
            refusal.fault(), refusal.getMessage() + ", with the next code: this one is used up")
        .retryAfter(NEXT_CODE)
        .causedBy(refusal);
  }
}

package dev.curfew.request;

import dev.curfew.Clocks;
import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.identity.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

/** Who may pick up what, and which keys of callers were used for it. */
@ApplicationScoped
class PickupDesk {

  private final GrantReads grants;
  private final StoredRequests requests;
  private final Clocks clocks;

  PickupDesk(GrantReads grants, StoredRequests requests, Clocks clocks) {
    this.grants = grants;
    this.requests = requests;
    this.clocks = clocks;
  }

  /**
   * @return whether only a passkey opens it
   * @throws CurfewException NOT_FOUND, NOT_ALLOWED for everybody but its person, NOT_REPEATABLE
   */
  @Transactional
  boolean check(Caller caller, String grantId, String key) {
    SeenGrant grant = grants.mustSee(caller, grantId);
    if (!grant.mine()) {
      throw new CurfewException(
          Fault.NOT_ALLOWED, "only " + grant.personName() + " may pick this up");
    }
    if (key != null && requests.pickedUpBy(caller.person(), key)) {
      throw notRepeatable();
    }
    return grant.pickUpByPasskey();
  }

  /** Uses the key up, in the transaction that starts the pick-up. */
  @Transactional(Transactional.TxType.MANDATORY)
  void note(Caller caller, String grantId, String key) {
    if (key != null && !requests.firstPickUp(caller.person(), key, grantId, clocks.now())) {
      throw notRepeatable();
    }
  }

  private static CurfewException notRepeatable() {
    return new CurfewException(
        Fault.NOT_REPEATABLE,
        "a secret is shown once; ask again with a new Idempotency-Key and get a new one");
  }
}

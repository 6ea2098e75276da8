package dev.curfew.mfa;

import dev.curfew.identity.Caller;
import jakarta.enterprise.context.ApplicationScoped;

/** Asks for, checks and uses up proofs. */
@ApplicationScoped
public class Proofs {

  public Challenge challenge(Caller caller, Act act) {
    throw new UnsupportedOperationException();
  }

  /**
   * Checks what was offered and stores the proof, in a transaction of its own that stands whatever
   * comes after: a nonce or a code is used up by being shown.
   */
  public Proof spend(Caller caller, Act act, Need need, Offered offered) {
    throw new UnsupportedOperationException();
  }

  /** Uses the proof for its act, in the flow's own transaction. */
  public void consume(Proof proof) {
    throw new UnsupportedOperationException();
  }
}

package dev.curfew.request;

import dev.curfew.identity.Caller;
import dev.curfew.mfa.Offered;
import jakarta.enterprise.context.ApplicationScoped;

/** Ends a grant before its time. */
@ApplicationScoped
public class EndFlow {

  /** The person gives their own access back. */
  public void giveBack(Caller caller, String grantId) {
    throw new UnsupportedOperationException();
  }

  /** An administrator, or an approver of it, takes it away now. */
  public void revoke(Caller caller, String grantId, String note) {
    throw new UnsupportedOperationException();
  }

  /** An administrator's word that a stuck grant is gone. */
  public void attest(Caller caller, String grantId, String note, Offered offered) {
    throw new UnsupportedOperationException();
  }
}

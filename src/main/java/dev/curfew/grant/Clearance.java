package dev.curfew.grant;

import java.util.Optional;

/**
 * Whether a grant may still happen: asked before it is provisioned and before a secret is handed
 * out, in the transaction that records it. Implemented by the package that knows the request.
 */
public interface Clearance {

  /**
   * @param handingOut true at pick-up, false at provision
   * @return why not, fit for a person; empty when nothing stands against it
   */
  Optional<String> objection(String requestId, String grantId, boolean handingOut);
}

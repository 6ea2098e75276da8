package dev.curfew.web.api;

import dev.curfew.mfa.Offered;
import dev.curfew.web.ProofBody;

/** Which server a target is from now on. */
public record ServerBody(String server, ProofBody proof) {

  /** A call without a body. */
  static ServerBody orEmpty(ServerBody body) {
    return body == null ? new ServerBody(null, null) : body;
  }

  Offered offered() {
    return ProofBody.offered(proof);
  }
}

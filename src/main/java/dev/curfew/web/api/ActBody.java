package dev.curfew.web.api;

import dev.curfew.mfa.Offered;
import dev.curfew.web.ProofBody;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What comes with an act on something that the path names. */
public record ActBody(
    @Schema(description = "why; where the act takes one") String note, ProofBody proof) {

  /** A call without a body. */
  static ActBody orEmpty(ActBody body) {
    return body == null ? new ActBody(null, null) : body;
  }

  Offered offered() {
    return ProofBody.offered(proof);
  }
}

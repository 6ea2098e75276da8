package dev.curfew.web.api;

import dev.curfew.mfa.Offered;
import dev.curfew.web.ProofBody;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What is to become of a difference. */
public record ChoiceBody(
    @Schema(
            description = "ADOPT: it stays until the end its mark names; REVOKE: it goes now",
            enumeration = {"ADOPT", "REVOKE"})
        String choice,
    ProofBody proof) {

  /** A call without a body. */
  static ChoiceBody orEmpty(ChoiceBody body) {
    return body == null ? new ChoiceBody(null, null) : body;
  }

  Offered offered() {
    return ProofBody.offered(proof);
  }
}

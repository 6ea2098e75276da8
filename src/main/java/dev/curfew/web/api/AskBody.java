package dev.curfew.web.api;

import dev.curfew.mfa.Offered;
import dev.curfew.request.Submit;
import dev.curfew.web.ProofBody;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** An ask as it is posted. */
public record AskBody(
    @Schema(examples = "orders-db/read-only") String entitlement,
    @Schema(description = "minutes, from the first pick-up", examples = "30") Integer window,
    @Schema(description = "1 to 2,000 characters") String reason,
    @Schema(description = "a reference of your own, up to 200 characters") String ticket,
    @Schema(description = "may be left out where a recent proof is enough") ProofBody proof) {

  Submit submit() {
    return new Submit(entitlement, window == null ? 0 : window, reason, ticket);
  }

  Offered offered() {
    return ProofBody.offered(proof);
  }
}

package dev.curfew.web.api;

import dev.curfew.approval.Choice;
import dev.curfew.mfa.Offered;
import dev.curfew.request.Vote;
import dev.curfew.web.ProofBody;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A vote as it is posted. */
public record VoteBody(
    Choice choice,
    @Schema(description = "required to deny") String reason,
    @Schema(description = "the field `shown` of the request you read") String shown,
    ProofBody proof) {

  Vote vote(String request) {
    return new Vote(request, choice, reason, shown);
  }

  Offered offered() {
    return ProofBody.offered(proof);
  }
}

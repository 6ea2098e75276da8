package dev.curfew.web.api;

import dev.curfew.request.RequestFlow;
import dev.curfew.web.CurrentCaller;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;

/** Voting on requests of others. */
@Path("/api/v1/requests/{request}/votes")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "requests")
public class VotesResource {

  private final CurrentCaller current;
  private final RequestFlow flow;

  VotesResource(CurrentCaller current, RequestFlow flow) {
    this.current = current;
    this.flow = flow;
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Approve or deny",
      description =
          "`shown` is the request's own field: what changed since you read it is not voted on. A"
              + " repeated call answers as the first.")
  @APIResponse(responseCode = "200", description = "The request as it stands after your vote")
  @APIResponse(responseCode = "409", description = "Decided already, by whom and when; or changed")
  public RequestAnswer vote(@RestPath String request, VoteBody body) {
    VoteBody vote = Body.required(body);
    return RequestAnswer.of(flow.vote(current.caller(), vote.vote(request), vote.offered()));
  }
}

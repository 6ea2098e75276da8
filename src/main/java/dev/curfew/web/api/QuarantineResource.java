package dev.curfew.web.api;

import dev.curfew.grant.QuarantineView;
import dev.curfew.request.QuarantineFlow;
import dev.curfew.web.CurrentCaller;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;

/** What a store that went back does not know any more. */
@Path("/api/v1/quarantine")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "operations")
public class QuarantineResource {

  private final CurrentCaller current;
  private final QuarantineFlow flow;

  QuarantineResource(CurrentCaller current, QuarantineFlow flow) {
    this.current = current;
    this.flow = flow;
  }

  @GET
  @Operation(summary = "Show whether the store went back in time, and what differs at the targets")
  public QuarantineView view() {
    return flow.view(current.caller());
  }

  @POST
  @Path("/findings/{finding}")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Decide, as an administrator, what becomes of one difference",
      description =
          "The proof's act is `quarantine-decide` with the fields `finding` and `choice`.")
  public QuarantineView decide(@RestPath String finding, ChoiceBody body) {
    ChoiceBody said = ChoiceBody.orEmpty(body);
    return flow.decide(current.caller(), finding, said.choice(), said.offered());
  }

  @POST
  @Path("/end")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "End the quarantine, as an administrator",
      description =
          "What nobody decided about stays until the end its mark names. The proof's act is"
              + " `quarantine-end`, without fields.")
  public QuarantineView end(ActBody body) {
    return flow.end(current.caller(), ActBody.orEmpty(body).offered());
  }
}

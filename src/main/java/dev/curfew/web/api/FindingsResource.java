package dev.curfew.web.api;

import dev.curfew.grant.FindingView;
import dev.curfew.request.FindingFlow;
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

/** What the targets have and no grant owns. */
@Path("/api/v1/findings")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "targets")
public class FindingsResource {

  private final CurrentCaller current;
  private final FindingFlow flow;

  FindingsResource(CurrentCaller current, FindingFlow flow) {
    this.current = current;
    this.flow = flow;
  }

  @GET
  @Operation(summary = "List what sweeps found at the targets and no live grant owns")
  public Items<FindingView> list() {
    return Items.all(flow.findings(current.caller()), finding -> finding);
  }

  @POST
  @Path("/{finding}/release")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Say, as an administrator, that an orphan is to be taken away at the next look",
      description = "The proof's act is `finding-release` with the field `finding`.")
  public FindingView release(@RestPath String finding, ActBody body) {
    return flow.release(current.caller(), finding, ActBody.orEmpty(body).offered());
  }
}

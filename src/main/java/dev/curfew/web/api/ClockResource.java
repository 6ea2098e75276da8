package dev.curfew.web.api;

import dev.curfew.request.ClockFlow;
import dev.curfew.request.ClockView;
import dev.curfew.web.CurrentCaller;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The time that counts. */
@Path("/api/v1/clock")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "operations")
public class ClockResource {

  private final CurrentCaller current;
  private final ClockFlow flow;

  ClockResource(CurrentCaller current, ClockFlow flow) {
    this.current = current;
    this.flow = flow;
  }

  @GET
  @Operation(summary = "Show how the clocks stand")
  public ClockView view() {
    return flow.view(current.caller());
  }

  @POST
  @Path("/accept")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Accept, as an administrator, that the store's clock was set back rightly",
      description =
          "What is left of every grant, session and token stays as it is. The proof's act is"
              + " `clock-accept`, without fields.")
  public ClockView accept(ActBody body) {
    return flow.accept(current.caller(), ActBody.orEmpty(body).offered());
  }
}

package dev.curfew.web.api;

import dev.curfew.request.OperationsReads;
import dev.curfew.request.OperationsView;
import dev.curfew.web.CurrentCaller;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** How the installation is. */
@Path("/api/v1/operations")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "operations")
public class OperationsResource {

  private final CurrentCaller current;
  private final OperationsReads operations;

  OperationsResource(CurrentCaller current, OperationsReads operations) {
    this.current = current;
    this.operations = operations;
  }

  @GET
  @Operation(
      summary = "Show queues, stuck grants, lateness and clocks",
      description =
          "For administrators and auditors. Figures about grants are of all nodes together; whether"
              + " targets answer, the clocks and `revokeOnly` are as the answering node sees them.")
  public OperationsView view() {
    return operations.view(current.caller());
  }
}

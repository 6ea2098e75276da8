package dev.curfew.web.api;

import dev.curfew.request.ServerFlow;
import dev.curfew.request.TargetReads;
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

/** The targets and how they are, for administrators and auditors. */
@Path("/api/v1/targets")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "targets")
public class TargetsResource {

  private final CurrentCaller current;
  private final TargetReads targets;
  private final ServerFlow servers;

  TargetsResource(CurrentCaller current, TargetReads targets, ServerFlow servers) {
    this.current = current;
    this.targets = targets;
    this.servers = servers;
  }

  @GET
  @Operation(summary = "List targets with their health")
  public Items<TargetAnswer> list() {
    return Items.all(targets.targets(current.caller()), TargetAnswer::of);
  }

  @POST
  @Path("/{target}/server")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Accept, as an administrator, that a target is another server from now on",
      description =
          "The server must be the one that answers now. The proof's act is `server-accept` with the"
              + " fields `target` and `server`.")
  public TargetAnswer accept(@RestPath String target, ServerBody body) {
    ServerBody said = ServerBody.orEmpty(body);
    servers.accept(current.caller(), target, said.server(), said.offered());
    return TargetAnswer.of(targets.target(current.caller(), target));
  }

  @POST
  @Path("/{target}/check")
  @Operation(summary = "Check a target and read it again, now")
  public TargetAnswer check(@RestPath String target) {
    return TargetAnswer.of(targets.refresh(current.caller(), target));
  }
}

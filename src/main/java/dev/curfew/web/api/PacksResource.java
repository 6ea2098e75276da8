package dev.curfew.web.api;

import dev.curfew.catalog.Change;
import dev.curfew.request.PackReads;
import dev.curfew.request.SnapshotFlow;
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

/** Packs and rules: what is in force, what waits, and accepting it. */
@Path("/api/v1/packs")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "packs")
public class PacksResource {

  private final CurrentCaller current;
  private final PackReads packs;
  private final SnapshotFlow flow;

  PacksResource(CurrentCaller current, PackReads packs, SnapshotFlow flow) {
    this.current = current;
    this.packs = packs;
    this.flow = flow;
  }

  @GET
  @Operation(summary = "Read which packs and rules are in force, what waits and what is wrong")
  public PackReads.Packs all() {
    return packs.all(current.caller());
  }

  @GET
  @Path("/{digest}/diff")
  @Operation(summary = "Read what accepting that proposal would change")
  public Items<Change> diff(@RestPath String digest) {
    return Items.all(packs.diff(current.caller(), digest), change -> change);
  }

  @POST
  @Path("/{digest}/accept")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(summary = "Accept a proposal whose diff you read")
  public PackReads.Packs accept(@RestPath String digest, ActBody body) {
    flow.accept(current.caller(), digest, ActBody.orEmpty(body).offered());
    return packs.all(current.caller());
  }
}

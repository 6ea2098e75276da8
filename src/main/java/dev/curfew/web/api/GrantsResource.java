package dev.curfew.web.api;

import dev.curfew.identity.Caller;
import dev.curfew.request.EndFlow;
import dev.curfew.request.GrantReads;
import dev.curfew.request.Page;
import dev.curfew.request.PickupFlow;
import dev.curfew.request.SeenGrant;
import dev.curfew.web.CurrentCaller;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;

/** Access itself: its secret, its time, its end. */
@Path("/api/v1/grants")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "grants")
public class GrantsResource {

  /** Which grants a list holds. */
  public enum Which {
    /** Your own. */
    MINE,
    /** All that are not over and that you may see. */
    LIVE,
    /** Those whose end could not be proven in time or did not begin; for those who see all. */
    STUCK
  }

  private final CurrentCaller current;
  private final GrantReads grants;
  private final PickupFlow pickup;
  private final EndFlow end;

  GrantsResource(CurrentCaller current, GrantReads grants, PickupFlow pickup, EndFlow end) {
    this.current = current;
    this.grants = grants;
    this.pickup = pickup;
    this.end = end;
  }

  @GET
  @Operation(
      summary = "List grants, newest first",
      description =
          "`box` is MINE, LIVE (not over, that you may see) or STUCK (may still be live past its"
              + " end, or left over).")
  public Items<GrantAnswer> list(
      @RestQuery @DefaultValue("MINE") Which box,
      @RestQuery String cursor,
      @RestQuery @DefaultValue("50") int limit) {
    return Items.of(found(box, cursor, Limit.checked(limit)), GrantAnswer::of);
  }

  @GET
  @Path("/{grant}")
  @Operation(summary = "Read one grant with all that happened to it")
  public GrantAnswer one(@RestPath String grant) {
    Caller caller = current.caller();
    List<MomentAnswer> timeline =
        grants.timeline(caller, grant).stream().map(MomentAnswer::of).toList();
    return GrantAnswer.of(grants.view(caller, grant), timeline);
  }

  @POST
  @Path("/{grant}/pick-up")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Pick up the secret",
      description =
          "Shown once and never repeated: asking again makes a new one, and a used Idempotency-Key"
              + " is refused. The first pick-up starts the window.")
  public HandoverAnswer pickUp(
      @RestPath String grant, ActBody body, @RestHeader("Idempotency-Key") String idempotencyKey) {
    return HandoverAnswer.of(
        grant,
        pickup.pickUp(current.caller(), grant, ActBody.orEmpty(body).offered(), idempotencyKey));
  }

  @POST
  @Path("/{grant}/give-back")
  @Operation(summary = "Give your own access back before its time")
  public GrantAnswer giveBack(@RestPath String grant) {
    Caller caller = current.caller();
    end.giveBack(caller, grant);
    return GrantAnswer.of(grants.view(caller, grant));
  }

  @POST
  @Path("/{grant}/revoke")
  @Operation(summary = "Take access away now, as an administrator or an approver of it")
  public GrantAnswer revoke(@RestPath String grant, NoteBody body) {
    Caller caller = current.caller();
    end.revoke(caller, grant, NoteBody.noteOf(body));
    return GrantAnswer.of(grants.view(caller, grant));
  }

  @POST
  @Path("/{grant}/attest")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(summary = "Attest, as an administrator, that a stuck grant's access is gone")
  public GrantAnswer attest(@RestPath String grant, ActBody body) {
    Caller caller = current.caller();
    ActBody act = Body.required(body);
    end.attest(caller, grant, act.note(), act.offered());
    return GrantAnswer.of(grants.view(caller, grant));
  }

  private Page<SeenGrant> found(Which which, String cursor, int limit) {
    Caller caller = current.caller();
    return switch (which) {
      case MINE -> grants.mine(caller, cursor, limit);
      case LIVE -> grants.live(caller, cursor, limit);
      case STUCK -> grants.stuck(caller, cursor, limit);
    };
  }
}

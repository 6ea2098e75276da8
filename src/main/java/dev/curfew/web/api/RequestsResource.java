package dev.curfew.web.api;

import dev.curfew.request.Box;
import dev.curfew.request.RequestFlow;
import dev.curfew.request.RequestState;
import dev.curfew.request.RequestView;
import dev.curfew.request.Requests;
import dev.curfew.web.CurrentCaller;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.net.URI;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/** Asking, and what came of it. */
@Path("/api/v1/requests")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "requests")
public class RequestsResource {

  private final CurrentCaller current;
  private final RequestFlow flow;
  private final Requests requests;

  RequestsResource(CurrentCaller current, RequestFlow flow, Requests requests) {
    this.current = current;
    this.flow = flow;
    this.requests = requests;
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Ask for access",
      description =
          "A second ask for what is open or live answers that request, with `existing: true`. The"
              + " same Idempotency-Key and body answer the same request again.")
  @APIResponse(responseCode = "201", description = "The new request")
  @APIResponse(responseCode = "200", description = "An earlier request for the same thing")
  public RestResponse<RequestAnswer> ask(
      AskBody body, @RestHeader("Idempotency-Key") String idempotencyKey) {
    AskBody ask = Body.required(body);
    RequestView view = flow.submit(current.caller(), ask.submit(), ask.offered(), idempotencyKey);
    RequestAnswer answer = RequestAnswer.of(view);
    if (view.existing()) {
      return RestResponse.ok(answer);
    }
    return ResponseBuilder.<RequestAnswer>created(URI.create("/api/v1/requests/" + view.id()))
        .entity(answer)
        .build();
  }

  @POST
  @Path("/forecast")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "See what would come of an ask, and why, before making it",
      description = "Needs no proof and no reason, and changes nothing.")
  public ForecastAnswer forecast(AskBody body) {
    return ForecastAnswer.of(flow.forecast(current.caller(), Body.required(body).submit()));
  }

  @GET
  @Operation(
      summary = "List requests, newest first",
      description =
          "`box` is MINE, INBOX (those that wait for your vote, oldest first) or ALL that you may"
              + " see.")
  public Items<RequestAnswer> list(
      @RestQuery @DefaultValue("MINE") Box box,
      @RestQuery RequestState state,
      @RestQuery String cursor,
      @RestQuery @DefaultValue("50") int limit) {
    return Items.of(
        requests.page(current.caller(), box, state, cursor, Limit.checked(limit)),
        RequestAnswer::of);
  }

  @GET
  @Path("/{request}")
  @Operation(summary = "Read one request")
  public RequestAnswer one(@RestPath String request) {
    return RequestAnswer.of(requests.view(current.caller(), request));
  }

  @GET
  @Path("/{request}/decision")
  @Operation(summary = "Read how the rules decided: snapshot, facts and each rule's result")
  public String decision(@RestPath String request) {
    return requests.trace(current.caller(), request);
  }

  @POST
  @Path("/{request}/cancel")
  @Operation(summary = "Take your own request back")
  public RequestAnswer cancel(@RestPath String request) {
    return RequestAnswer.of(flow.cancel(current.caller(), request));
  }
}

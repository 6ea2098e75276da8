package dev.curfew.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.curfew.CurfewException;
import dev.curfew.web.page.ErrorPage;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.control.ActivateRequestContext;

/** What a call is answered whose body is not read: a problem or a page, made before any route. */
@ApplicationScoped
class RefusedBodies {

  /** The answer's body. */
  record Body(String mediaType, String text) {}

  private final CurrentVertxRequest request;
  private final ObjectMapper json;

  RefusedBodies(CurrentVertxRequest request, ObjectMapper json) {
    this.request = request;
    this.json = json;
  }

  @ActivateRequestContext
  Body of(RoutingContext call, CurfewException refusal) {
    request.setCurrent(call);
    if (Doors.wantsPage(call)) {
      return new Body(
          "text/html;charset=UTF-8",
          ErrorPage.of(Status.of(refusal.fault()), refusal.fault(), refusal.getMessage()).render());
    }
    try {
      return new Body(Problem.MEDIA_TYPE, json.writeValueAsString(Problem.of(refusal)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a problem is always JSON", e);
    }
  }
}

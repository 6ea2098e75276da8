package dev.curfew.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.Ids;
import dev.curfew.account.Level;
import dev.curfew.account.SignedIn;
import dev.curfew.audit.Refusals;
import dev.curfew.web.page.ErrorPage;
import io.quarkus.runtime.BlockingOperationControl;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/**
 * The one mapper of everything that went wrong: a problem for programs, a page for people. What a
 * flow has not written to the history yet is written here.
 */
class Problems {

  private static final Logger LOG = Logger.getLogger(Problems.class);

  /** How the parser words a field given twice; it has no exception of its own. */
  private static final Pattern GIVEN_TWICE = Pattern.compile("^Duplicate field '(.{1,60})'");

  private final CurrentCaller current;
  private final Refusals refusals;

  Problems(CurrentCaller current, Refusals refusals) {
    this.current = current;
    this.refusals = refusals;
  }

  @ServerExceptionMapper
  Response refused(CurfewException refusal, RoutingContext call) {
    if (refusal.fault() == Fault.STORE_UNAVAILABLE) {
      current.nobody();
    } else {
      record(refusal, call);
    }
    Response.ResponseBuilder answer =
        Doors.wantsPage(call) ? page(refusal, call) : problem(Problem.of(refusal));
    refusal
        .retryAfter()
        .ifPresent(wait -> answer.header(HttpHeaders.RETRY_AFTER, Problem.seconds(wait)));
    if (refusal.fault() == Fault.SIGN_IN_REQUIRED && !Doors.wantsPage(call)) {
      answer.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
    }
    return answer.build();
  }

  @ServerExceptionMapper
  Response unreadable(JsonProcessingException unreadable, RoutingContext call) {
    return refused(reading(unreadable), call);
  }

  /** Named by itself: the framework has a mapper of its own for exactly this one. */
  @ServerExceptionMapper
  Response mismatched(MismatchedInputException mismatched, RoutingContext call) {
    return refused(reading(mismatched), call);
  }

  /** No route, or not this method: said on an event loop, where nobody may ask the store. */
  @ServerExceptionMapper
  Uni<Response> http(WebApplicationException failure, RoutingContext call) {
    Uni<Response> answer = Uni.createFrom().item(() -> answer(failure, call));
    return BlockingOperationControl.isBlockingAllowed()
        ? answer
        : answer.runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
  }

  private Response answer(WebApplicationException failure, RoutingContext call) {
    CurfewException refusal = refusalIn(failure);
    if (refusal != null) {
      return refused(refusal, call);
    }
    int status = failure.getResponse().getStatus();
    if (status == 404 && failure.getCause() instanceof IllegalArgumentException) {
      return refused(
          new CurfewException(
              Fault.INVALID, "a value in the address is none of those this call takes"),
          call);
    }
    if (status == 404) {
      return refused(CurfewException.notFound("page"), call);
    }
    if (status < 400) {
      return failure.getResponse();
    }
    if (status >= 500) {
      return broken(failure, call);
    }
    String detail =
        switch (status) {
          case 405 -> "this address does not take " + call.request().method();
          case 406 -> "this address does not answer in the format you accept";
          case 415 -> "this address does not take that content type";
          default -> "the call could not be read";
        };
    return Doors.wantsPage(call)
        ? html(status, ErrorPage.of(status, Fault.INVALID, detail).render()).build()
        : problem(Problem.of(status, "http-" + status, detail)).build();
  }

  @ServerExceptionMapper
  Response broken(Throwable failure, RoutingContext call) {
    CurfewException refusal = refusalIn(failure);
    if (refusal != null) {
      return refused(refusal, call);
    }
    if (StoreTrouble.isBehind(failure)) {
      LOG.warnf("a call failed with its store: %s", failure);
      return refused(StoreTrouble.refusal(), call);
    }
    String reference = Ids.next();
    LOG.errorf(failure, "call %s failed: %s", reference, call.request().method());
    return Doors.wantsPage(call)
        ? html(500, ErrorPage.broken(reference).render()).build()
        : problem(
                Problem.of(500, "internal", "this is our fault; the log has it under " + reference))
            .build();
  }

  private Response.ResponseBuilder page(CurfewException refusal, RoutingContext call) {
    if (refusal.fault() == Fault.SIGN_IN_REQUIRED) {
      return toSignIn(call);
    }
    if (refusal.fault() == Fault.SECOND_FACTOR_REQUIRED) {
      boolean password =
          current.signedIn().map(SignedIn::level).filter(Level.PASSWORD::equals).isPresent();
      return Response.seeOther(URI.create(password ? "/sign-in/second" : "/enrol"));
    }
    int status = Status.of(refusal.fault());
    return html(status, ErrorPage.of(status, refusal.fault(), refusal.getMessage()).render());
  }

  private static Response.ResponseBuilder toSignIn(RoutingContext call) {
    if (call.request().getHeader("HX-Request") != null) {
      return Response.status(401).header("HX-Redirect", "/sign-in");
    }
    boolean get = call.request().method().name().equals("GET");
    String to = call.request().uri();
    boolean worthIt = get && !to.equals("/");
    return Response.seeOther(
        URI.create(
            worthIt ? "/sign-in?to=" + URLEncoder.encode(to, StandardCharsets.UTF_8) : "/sign-in"));
  }

  private static Response.ResponseBuilder html(int status, String page) {
    return Response.status(status).type("text/html;charset=UTF-8").entity(page);
  }

  private static Response.ResponseBuilder problem(Problem problem) {
    return Response.status(problem.status()).type(Problem.MEDIA_TYPE).entity(problem);
  }

  /** Refusals of callers nobody knows are written by sign-in and enrolment alone. */
  private void record(CurfewException refusal, RoutingContext call) {
    try {
      current.signedIn().ifPresent(who -> refusals.record(who.caller(), Acts.of(call), refusal));
    } catch (RuntimeException e) {
      LOG.error("a refusal could not be written to the history", e);
    }
  }

  private static CurfewException refusalIn(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CurfewException refusal) {
        return refusal;
      }
      if (cause instanceof JsonProcessingException unreadable) {
        return reading(unreadable);
      }
    }
    return null;
  }

  private static CurfewException reading(JsonProcessingException unreadable) {
    for (Throwable cause = unreadable.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof CurfewException refusal) {
        return refusal;
      }
      if (cause instanceof StreamConstraintsException) {
        return tooDeep();
      }
    }
    if (unreadable instanceof StreamConstraintsException) {
      return tooDeep();
    }
    if (unreadable instanceof UnrecognizedPropertyException unknown) {
      return unknownField(unknown);
    }
    if (unreadable instanceof JsonMappingException mapping && !mapping.getPath().isEmpty()) {
      return CurfewException.invalid(path(mapping), "this field has a value of the wrong kind");
    }
    Matcher twice = GIVEN_TWICE.matcher(unreadable.getOriginalMessage());
    if (twice.find()) {
      return CurfewException.invalid(twice.group(1), "this field is given twice; give it once");
    }
    return new CurfewException(Fault.INVALID, "the body is not the JSON this address takes");
  }

  private static CurfewException unknownField(UnrecognizedPropertyException unknown) {
    String known =
        unknown.getKnownPropertyIds() == null
            ? ""
            : unknown.getKnownPropertyIds().stream()
                .map(Objects::toString)
                .collect(Collectors.toCollection(TreeSet::new))
                .stream()
                .collect(Collectors.joining(", "));
    return CurfewException.unknownField(
        path(unknown), "there is no such field here; take it out, or use one of: " + known);
  }

  private static String path(JsonMappingException mapping) {
    return mapping.getPath().stream()
        .map(JsonMappingException.Reference::getFieldName)
        .filter(Objects::nonNull)
        .map(name -> name.length() > 60 ? name.substring(0, 60) : name)
        .collect(Collectors.joining("."));
  }

  private static CurfewException tooDeep() {
    return new CurfewException(
        Fault.BODY_TOO_DEEP, "the body is nested deeper than 32 levels; send it flatter");
  }
}

package dev.curfew.web;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.type.LogicalType;
import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.account.Doorkeeper;
import dev.curfew.account.SignedIn;
import dev.curfew.audit.Refusals;
import dev.curfew.mfa.Site;
import io.quarkus.jackson.ObjectMapperCustomizer;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jboss.logging.Logger;

/** What every call passes first: the headers that keep browsers strict, and what is too large. */
@ApplicationScoped
class Limits {

  private static final Logger LOG = Logger.getLogger(Limits.class);
  private static final long LARGEST = 64 * 1024;
  private static final int LONGEST = 4 * 1024;
  private static final int DEEPEST = 32;
  private static final int FIRST = 10_000;
  private static final String HTML = "text/html";

  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self';"
          + " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

  private final Doorkeeper doorkeeper;
  private final SessionCookie cookie;
  private final Refusals refusals;
  private final Site site;
  private final RefusedBodies bodies;

  Limits(
      Doorkeeper doorkeeper,
      SessionCookie cookie,
      Refusals refusals,
      Site site,
      RefusedBodies bodies) {
    this.doorkeeper = doorkeeper;
    this.cookie = cookie;
    this.refusals = refusals;
    this.site = site;
    this.bodies = bodies;
  }

  void register(@Observes Filters filters) {
    filters.register(this::headers, FIRST + 1);
    filters.register(this::size, FIRST);
  }

  private void headers(RoutingContext call) {
    HttpServerResponse response = call.response();
    response
        .putHeader("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Referrer-Policy", "same-origin")
        .putHeader("Cross-Origin-Opener-Policy", "same-origin")
        .putHeader("Permissions-Policy", "camera=(), microphone=(), geolocation=()");
    if (site.isSecure()) {
      response.putHeader("Strict-Transport-Security", "max-age=31536000");
    }
    if (!isStatic(call.normalizedPath())) {
      response.putHeader("Cache-Control", "no-store");
    }
    call.addHeadersEndHandler(nothing -> sayCharset(response));
    call.next();
  }

  /** A program that does not read a page's {@code meta} would guess. */
  private static void sayCharset(HttpServerResponse response) {
    if (HTML.equals(response.headers().get("Content-Type"))) {
      response.putHeader("Content-Type", HTML + ";charset=UTF-8");
    }
  }

  private void size(RoutingContext call) {
    Optional<CurfewException> tooMuch = tooMuch(call);
    if (tooMuch.isEmpty()) {
      call.next();
      return;
    }
    CurfewException refusal = tooMuch.get();
    Callable<RefusedBodies.Body> refused =
        () -> {
          record(call, refusal);
          return bodies.of(call, refusal);
        };
    call.vertx()
        .executeBlocking(refused, false)
        .onSuccess(body -> answer(call, refusal, body))
        .onFailure(call::fail);
  }

  /** A body must say its length: nobody reads on to find out that it was too much. */
  private static Optional<CurfewException> tooMuch(RoutingContext call) {
    if (call.request().uri().length() > LONGEST) {
      return Optional.of(
          new CurfewException(
              Fault.ADDRESS_TOO_LONG, "the address is longer than 4 KiB; ask for less at once"));
    }
    String length = call.request().getHeader("Content-Length");
    if (call.request().getHeader("Transfer-Encoding") != null) {
      return Optional.of(
          new CurfewException(
              Fault.BODY_TOO_LARGE,
              "say the body's length (Content-Length); it may be up to 64 KiB"));
    }
    return length == null || isAtMost(length)
        ? Optional.empty()
        : Optional.of(
            new CurfewException(Fault.BODY_TOO_LARGE, "the body is larger than 64 KiB; send less"));
  }

  private static boolean isAtMost(String length) {
    try {
      return Long.parseLong(length) <= LARGEST;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private void record(RoutingContext call, CurfewException refusal) {
    try {
      String address = Doors.address(call);
      Optional<SignedIn> who =
          Doors.isApi(call)
              ? doorkeeper.byBearer(Doors.bearer(call), address)
              : doorkeeper.byCookie(cookie.in(call).orElse(null), address);
      who.ifPresent(found -> refusals.record(found.caller(), Acts.of(call), refusal));
    } catch (RuntimeException e) {
      LOG.error("a refusal could not be written to the history", e);
    }
  }

  private static void answer(
      RoutingContext call, CurfewException refusal, RefusedBodies.Body body) {
    call.response()
        .setStatusCode(Status.of(refusal.fault()))
        .putHeader("Connection", "close")
        .putHeader("Content-Type", body.mediaType())
        .end(body.text());
  }

  private static boolean isStatic(String path) {
    return path.startsWith("/css/")
        || path.startsWith("/js/")
        || path.startsWith("/webjars/")
        || path.startsWith("/favicon");
  }

  /**
   * JSON is read 32 levels deep and no deeper, and as it stands: a value of another kind, a field
   * given twice or anything after the body is refused, never guessed at.
   */
  @Singleton
  static class Strictness implements ObjectMapperCustomizer {

    private static final List<CoercionInputShape> NO_TEXT =
        List.of(CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean);

    @Override
    public void customize(ObjectMapper mapper) {
      mapper
          .getFactory()
          .setStreamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build());
      mapper
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT);
      for (LogicalType number : List.of(LogicalType.Integer, LogicalType.Boolean)) {
        for (CoercionInputShape shape : CoercionInputShape.values()) {
          refuse(mapper, number, shape);
        }
      }
      NO_TEXT.forEach(shape -> refuse(mapper, LogicalType.Textual, shape));
    }

    private static void refuse(ObjectMapper mapper, LogicalType type, CoercionInputShape shape) {
      mapper.coercionConfigFor(type).setCoercion(shape, CoercionAction.Fail);
    }
  }
}

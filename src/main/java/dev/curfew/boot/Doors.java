package dev.curfew.boot;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** Answers every call with 503 while what people would see could not be trusted. */
@Singleton
class Doors {

  private static final int FIRST = 100_000;

  private static final String CLOSED =
      """
      {"type":"about:blank","title":"Curfew only takes access away until its configuration is \
      mended","status":503,"code":"revoke-only","detail":"Its log on the host says what is wrong."}
      """;

  private volatile boolean closed;

  void close() {
    closed = true;
  }

  boolean areClosed() {
    return closed;
  }

  void register(@Observes Filters filters) {
    filters.register(this::answer, FIRST);
  }

  private void answer(RoutingContext call) {
    if (!closed) {
      call.next();
      return;
    }
    call.response()
        .setStatusCode(503)
        .putHeader("Content-Type", "application/problem+json")
        .putHeader("Cache-Control", "no-store")
        .putHeader("Retry-After", "60")
        .end(CLOSED);
  }
}

package dev.curfew.web;

import dev.curfew.Ids;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.stream.Collectors;

/** A call in words for the history: its method and its path, without what somebody typed there. */
final class Acts {

  private static final String WORD = "[a-z][a-z0-9.-]{0,30}";

  private Acts() {}

  static String of(RoutingContext call) {
    String path =
        Arrays.stream(call.normalizedPath().split("/"))
            .filter(part -> !part.isEmpty())
            .limit(6)
            .map(part -> part.matches(WORD) && !Ids.isId(part) ? part : "…")
            .collect(Collectors.joining("/"));
    return call.request().method().name() + " /" + path;
  }
}

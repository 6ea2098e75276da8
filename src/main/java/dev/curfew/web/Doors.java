package dev.curfew.web;

import io.vertx.ext.web.RoutingContext;

/** What can be read off a call before anybody knows whose it is. */
final class Doors {

  private static final String BEARER = "Bearer ";

  private Doors() {}

  static boolean isApi(RoutingContext call) {
    return call.normalizedPath().startsWith("/api/");
  }

  /** A person reads the answer, not a program or a page's script. */
  static boolean wantsPage(RoutingContext call) {
    String accept = call.request().getHeader("Accept");
    boolean json = accept != null && accept.startsWith("application/json");
    return !isApi(call) && !json;
  }

  static String address(RoutingContext call) {
    return call.request().remoteAddress() == null
        ? ""
        : call.request().remoteAddress().hostAddress();
  }

  /** The bearer of the Authorization header, or null. */
  static String bearer(RoutingContext call) {
    String header = call.request().getHeader("Authorization");
    return header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length())
        ? header.substring(BEARER.length()).strip()
        : null;
  }
}

package dev.curfew.web;

import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ResourceInfo;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** Closed unless opened: a route without {@link Public} answers only who is signed in fully. */
class Gate {

  private final CurrentCaller current;

  Gate(CurrentCaller current) {
    this.current = current;
  }

  @ServerRequestFilter(priority = Priorities.AUTHENTICATION)
  void requireCaller(ResourceInfo route) {
    boolean open =
        route.getResourceMethod().isAnnotationPresent(Public.class)
            || route.getResourceClass().isAnnotationPresent(Public.class);
    if (!open) {
      current.caller();
    }
  }
}

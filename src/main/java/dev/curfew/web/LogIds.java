package dev.curfew.web;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.ext.Provider;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.MDC;

/**
 * Puts the request or the grant a call is about beside every line it logs, under the same names as
 * the workers do. Logs keep them per call, so nothing is to be removed.
 */
@Provider
class LogIds implements ContainerRequestFilter {

  private static final Pattern ABOUT =
      Pattern.compile("(?:^|/)(request|grant)s/([0-9a-z]{24})(?:/|$)");

  @Override
  public void filter(ContainerRequestContext call) {
    note(call.getUriInfo().getPath());
  }

  static void note(String path) {
    Matcher about = ABOUT.matcher(path);
    if (about.find()) {
      MDC.put(about.group(1), about.group(2));
    }
  }
}

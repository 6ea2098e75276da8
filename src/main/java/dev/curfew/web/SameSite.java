package dev.curfew.web;

import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.mfa.Hashes;
import dev.curfew.mfa.Site;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Priorities;
import java.util.Set;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.WithFormRead;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveContainerRequestContext;

/**
 * Every unsafe call of a page must come from a page of ours, whatever its content type: the browser
 * says so (Sec-Fetch-Site, or Origin where that is missing, and an Origin must never be another's),
 * and the form or a header carries the session's token. The API needs none of this: it does not
 * look at cookies.
 */
class SameSite {

  private static final Set<String> SAFE =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

  private final CurrentCaller current;
  private final Site site;

  SameSite(CurrentCaller current, Site site) {
    this.current = current;
    this.site = site;
  }

  @WithFormRead
  @ServerRequestFilter(priority = Priorities.AUTHENTICATION - 100)
  void requireSameSite(ResteasyReactiveContainerRequestContext context, RoutingContext call) {
    if (Doors.isApi(call) || SAFE.contains(context.getMethod())) {
      return;
    }
    if (!isSameOrigin(call)) {
      throw refused(
          "this form came from another site; open the page at "
              + site.origin()
              + " and send it again");
    }
    String expected = current.csrf();
    if (!expected.isEmpty() && !Hashes.same(expected, token(context, call))) {
      throw refused("this form is too old; load the page again and send it from there");
    }
  }

  private boolean isSameOrigin(RoutingContext call) {
    String fetchSite = call.request().getHeader("Sec-Fetch-Site");
    String origin = call.request().getHeader("Origin");
    // a page under a foreign name that leads here is same-origin to itself, but not ours
    boolean foreign = origin != null && !origin.equals(site.origin());
    return !foreign && (fetchSite == null ? origin != null : fetchSite.equals("same-origin"));
  }

  private static String token(
      ResteasyReactiveContainerRequestContext context, RoutingContext call) {
    String header = call.request().getHeader("X-CSRF-Token");
    if (header != null) {
      return header;
    }
    Object field =
        ((org.jboss.resteasy.reactive.server.core.ResteasyReactiveRequestContext)
                context.getServerRequestContext())
            .getFormParameter("_csrf", true, false);
    return field == null ? "" : field.toString();
  }

  private static CurfewException refused(String message) {
    return new CurfewException(Fault.CROSS_SITE, message);
  }
}

package dev.curfew.web;

import dev.curfew.account.Opened;
import dev.curfew.mfa.Site;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.NewCookie;
import java.util.Optional;

/**
 * The cookie that holds a page session's secret: HttpOnly, SameSite=Lax, of this host alone. On
 * https it is Secure and carries the {@code __Host-} name, so that no neighbour can set it.
 */
@ApplicationScoped
public class SessionCookie {

  private final boolean secure;

  SessionCookie(Site site) {
    this.secure = site.isSecure();
  }

  Optional<String> in(RoutingContext call) {
    return Optional.ofNullable(call.request().getCookie(name()))
        .map(io.vertx.core.http.Cookie::getValue);
  }

  public NewCookie of(Opened opened) {
    return cookie(opened.secret(), NewCookie.DEFAULT_MAX_AGE);
  }

  /** Takes the cookie away. */
  public NewCookie gone() {
    return cookie("", 0);
  }

  private String name() {
    return secure ? "__Host-curfew" : "curfew";
  }

  private NewCookie cookie(String value, int maxAge) {
    return new NewCookie.Builder(name())
        .value(value)
        .path("/")
        .maxAge(maxAge)
        .httpOnly(true)
        .secure(secure)
        .sameSite(NewCookie.SameSite.LAX)
        .build();
  }
}

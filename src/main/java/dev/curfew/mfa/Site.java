package dev.curfew.mfa;

import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.util.Locale;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Where people reach this installation; passkeys are bound to it. */
@ApplicationScoped
public class Site {

  private final URI baseUrl;

  Site(
      @ConfigProperty(name = "curfew.base-url", defaultValue = "http://localhost:8080")
          URI baseUrl) {
    this.baseUrl = baseUrl;
  }

  /** Scheme, host and port as a browser sends them in Origin: the usual port is left out. */
  public String origin() {
    int port = baseUrl.getPort();
    boolean usual = port < 0 || port == (isSecure() ? 443 : 80);
    return baseUrl.getScheme() + "://" + host() + (usual ? "" : ":" + port);
  }

  /** The relying party's id: the host alone. */
  public String host() {
    return baseUrl.getHost().toLowerCase(Locale.ROOT);
  }

  public boolean isSecure() {
    return "https".equals(baseUrl.getScheme());
  }

  public String url(String path) {
    return origin() + path;
  }
}

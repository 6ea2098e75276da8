package dev.curfew.web.page;

import dev.curfew.Clocks;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Named;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** What the layout shows around every page: who is signed in, where they may go, what waits. */
@Named("shell")
@RequestScoped
public class Shell {

  /** A place in the navigation. {@code counts}: it carries the number of requests that wait. */
  public record Item(String href, String label, boolean current, boolean counts) {}

  private final Clocks clocks;
  private final String version;

  Shell(
      Clocks clocks,
      @ConfigProperty(name = "quarkus.application.version", defaultValue = "") String version) {
    this.clocks = clocks;
    this.version = version;
  }

  public boolean demo() {
    return false;
  }

  /** What everybody should know while it lasts, such as revoke-only mode. */
  public List<String> warnings() {
    return List.of();
  }

  public boolean signedIn() {
    return false;
  }

  public String name() {
    return "";
  }

  public List<Item> navigation() {
    return List.of();
  }

  public int waiting() {
    return 0;
  }

  /** The session's token that every post form carries; empty when nobody is signed in. */
  public String csrf() {
    return "";
  }

  public String now() {
    return clocks.now().toString();
  }

  public String version() {
    return version;
  }
}

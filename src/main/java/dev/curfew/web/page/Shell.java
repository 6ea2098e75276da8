package dev.curfew.web.page;

import dev.curfew.Clocks;
import dev.curfew.audit.Sequencer;
import dev.curfew.catalog.RevokeOnly;
import dev.curfew.grant.Quarantine;
import dev.curfew.identity.Caller;
import dev.curfew.identity.Role;
import dev.curfew.mfa.Keys;
import dev.curfew.request.Requests;
import dev.curfew.web.CurrentCaller;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Named;
import java.io.File;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** What the layout shows around every page: who is signed in, where they may go, what waits. */
@Named("shell")
@RequestScoped
public class Shell {

  /** A place in the navigation. {@code counts}: it carries the number of requests that wait. */
  public record Item(String href, String label, boolean current, boolean counts) {}

  private final Clocks clocks;
  private final CurrentCaller current;
  private final Requests requests;
  private final Keys keys;
  private final RevokeOnly revokeOnly;
  private final Sequencer sequencer;
  private final Quarantine quarantine;
  private final CurrentVertxRequest request;
  private final String demo;
  private final String version;
  private Integer waiting;
  private Boolean passkey;

  Shell(
      Clocks clocks,
      CurrentCaller current,
      Requests requests,
      Keys keys,
      RevokeOnly revokeOnly,
      Sequencer sequencer,
      Quarantine quarantine,
      CurrentVertxRequest request,
      @ConfigProperty(name = "curfew.demo", defaultValue = "auto") String demo,
      @ConfigProperty(name = "quarkus.application.version", defaultValue = "") String version) {
    this.clocks = clocks;
    this.current = current;
    this.requests = requests;
    this.keys = keys;
    this.revokeOnly = revokeOnly;
    this.sequencer = sequencer;
    this.quarantine = quarantine;
    this.request = request;
    this.demo = demo;
    this.version = version;
  }

  public boolean demo() {
    return demo.equalsIgnoreCase("on");
  }

  /**
   * Where our own jar is, for lines to paste. In a demo people sit at this very machine, so the
   * path is known; elsewhere they have a copy of their own.
   */
  public String jar() {
    Path running = Path.of(System.getProperty("java.class.path", "").split(File.pathSeparator)[0]);
    return demo() && running.getFileName().toString().endsWith(".jar")
        ? running.toAbsolutePath().toString()
        : "quarkus-run.jar";
  }

  /**
   * What everybody should know while it lasts; administrators also read what is wrong, and who
   * reads the history whether it is whole.
   */
  public List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    if (revokeOnly.isOn()) {
      warnings.add(
          "Curfew only takes access away until its configuration is mended; what you hold still"
              + " ends on time.");
    }
    // who is not signed in is not told, and where the store is silent nobody is: it is not asked
    if (signedIn() && !at("/admin/quarantine")) {
      quarantine.objection().map(why -> "Quarantine: " + why + ".").ifPresent(warnings::add);
    }
    if (has(Role.ADMINISTRATOR) && !at("/admin")) {
      warnings.addAll(problems());
    }
    if ((has(Role.AUDITOR) || has(Role.ADMINISTRATOR)) && !at("/history")) {
      sequencer.progress().warning().ifPresent(warnings::add);
    }
    return warnings;
  }

  /** What makes this node only revoke, each with its mend; for the pages of administrators. */
  public List<String> problems() {
    return revokeOnly.problems();
  }

  /** Whether links to what only administrators have lead anywhere. */
  public boolean isAdministrator() {
    return has(Role.ADMINISTRATOR);
  }

  public boolean signedIn() {
    return caller().isPresent();
  }

  public String name() {
    return caller().map(Caller::name).orElse("");
  }

  public List<Item> navigation() {
    List<Item> items = new ArrayList<>();
    items.add(item("/", "Home"));
    items.add(item("/catalog", "Catalog"));
    if (waiting() > 0 || caller().map(requests::hasInbox).orElse(false)) {
      items.add(new Item("/inbox", "Approvals", at("/inbox"), true));
    }
    if (has(Role.AUDITOR) || has(Role.ADMINISTRATOR)) {
      items.add(item("/history", "History"));
    }
    if (has(Role.ADMINISTRATOR)) {
      items.add(new Item("/admin/operations", "Admin", at("/admin"), false));
    } else if (has(Role.AUDITOR)) {
      items.add(item("/admin/operations", "Operations"));
    }
    return items;
  }

  public List<Item> adminTabs() {
    if (!isAdministrator()) {
      return List.of();
    }
    return List.of(
        item("/admin/operations", "Operations"),
        item("/admin/targets", "Targets"),
        item("/admin/stuck", "Stuck grants"),
        item("/admin/findings", "Sweep findings"),
        item("/admin/quarantine", "Quarantine"),
        item("/admin/packs", "Packs and rules"),
        item("/admin/people", "People and groups"));
  }

  public int waiting() {
    if (waiting == null) {
      waiting = caller().map(requests::inboxCount).orElse(0);
    }
    return waiting;
  }

  /** Whether a passkey could answer when a proof is asked for. */
  public boolean passkey() {
    if (passkey == null) {
      passkey = caller().map(who -> !keys.of(who.person()).passkeys().isEmpty()).orElse(true);
    }
    return passkey;
  }

  public Instant instant() {
    return clocks.now();
  }

  public String now() {
    return clocks.now().toString();
  }

  public String version() {
    return version;
  }

  private Optional<Caller> caller() {
    return current.find();
  }

  private boolean has(Role role) {
    return caller().map(caller -> caller.has(role)).orElse(false);
  }

  private Item item(String href, String label) {
    return new Item(href, label, at(href), false);
  }

  private boolean at(String href) {
    String path = request.getCurrent().normalizedPath();
    return path.equals(href) || (!href.equals("/") && path.startsWith(href + "/"));
  }
}

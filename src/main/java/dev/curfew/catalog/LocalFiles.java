package dev.curfew.catalog;

import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.identity.Caller;
import dev.curfew.identity.Session;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * This node's folders of packs and rules. What they hold is a proposal where it is sound and not in
 * force; where it is not sound everything stays as it is and the problems are told.
 */
@ApplicationScoped
class LocalFiles {

  private static final Logger LOG = Logger.getLogger(LocalFiles.class);
  private static final List<Path> OF_THE_DEMO =
      List.of(Path.of("connectors"), Path.of("approvals"));

  private final SnapshotStore store;
  private final SnapshotReader reader;
  private final PacksSettings settings;
  private final boolean demo;
  private final String node = nodeName();
  private String lastDigest = "";
  private String lastInForce = "";
  private volatile List<Problem> problems = List.of();

  LocalFiles(
      SnapshotStore store,
      SnapshotReader reader,
      PacksSettings settings,
      @ConfigProperty(name = "curfew.demo", defaultValue = "auto") String demo) {
    this.store = store;
    this.reader = reader;
    this.settings = settings;
    this.demo = demo.equalsIgnoreCase("on");
  }

  List<Problem> problems() {
    return problems;
  }

  /** Reads the folders; does something only where files or what is in force changed. */
  synchronized void read() {
    List<Path> folders = settings.dirs().orElse(demo ? OF_THE_DEMO : List.of());
    if (folders.isEmpty()) {
      problems =
          List.of(
              new Problem(
                  "curfew.packs.dirs", 0, "names no folder", "name folders of packs and rules"));
      return;
    }
    List<Problem> found = new ArrayList<>();
    SnapshotFiles files = SnapshotFiles.read(folders, found);
    String digest = files.digest();
    String inForce = store.latest().map(SnapshotStore.Acceptance::digest).orElse("");
    if (found.isEmpty() && digest.equals(lastDigest) && inForce.equals(lastInForce)) {
      return;
    }
    found.addAll(reader.problems(files));
    tell(found);
    if (!found.isEmpty() || digest.equals(inForce)) {
      store.withdraw(node);
    } else {
      store.propose(node, files);
      byItself(digest, inForce).ifPresent(how -> accept(digest, how));
    }
    lastDigest = found.isEmpty() ? digest : "";
    lastInForce = inForce;
  }

  private void tell(List<Problem> found) {
    if (found.equals(problems)) {
      return;
    }
    problems = List.copyOf(found);
    if (found.isEmpty()) {
      LOG.info("Packs and rules are sound");
      return;
    }
    StringBuilder text = new StringBuilder("Packs and rules are not taken:");
    found.forEach(problem -> text.append("\n  ").append(problem));
    LOG.error(text);
  }

  /**
   * The demo takes what is edited; what an administrator of the demo went back to stays until the
   * next edit.
   */
  private Optional<SnapshotStore.How> byItself(String digest, String inForce) {
    if (demo) {
      boolean edited = inForce.isEmpty() || !digest.equals(lastDigest);
      return edited ? Optional.of(SnapshotStore.How.DEMO) : Optional.empty();
    }
    return settings.accepted().filter(digest::equals).map(named -> SnapshotStore.How.CONFIGURATION);
  }

  private void accept(String digest, SnapshotStore.How how) {
    try {
      store.accept(caller(how), digest, how, null);
      LOG.infof("Packs and rules %s are in force now", digest);
    } catch (CurfewException e) {
      if (e.fault() != Fault.WRONG_STATE) {
        throw e;
      }
    }
  }

  private static Caller caller(SnapshotStore.How how) {
    String name = how.code();
    return new Caller(
        name, "The " + name, Set.of(), new Session(Session.Kind.HOST, name), Set.of(), "");
  }

  private static String nodeName() {
    String named = System.getenv("HOSTNAME");
    if (named != null && !named.isBlank()) {
      return named;
    }
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "node";
    }
  }
}

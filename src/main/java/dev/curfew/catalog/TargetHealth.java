package dev.curfew.catalog;

import dev.curfew.Clocks;
import dev.curfew.audit.Audit;
import dev.curfew.audit.Entry;
import dev.curfew.audit.Kind;
import dev.curfew.connector.Checked;
import dev.curfew.connector.Connector;
import dev.curfew.connector.ConnectorException;
import dev.curfew.connector.Connectors;
import dev.curfew.connector.Described;
import dev.curfew.connector.Finding;
import dev.curfew.connector.Limits;
import dev.curfew.connector.Target;
import dev.curfew.identity.Caller;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** What this node last saw at each target. */
@ApplicationScoped
class TargetHealth {

  private static final Logger LOG = Logger.getLogger(TargetHealth.class);

  /** What an entitlement gave when its target was last read. */
  record Read(Described described, Instant at) {}

  /**
   * @param site what was looked at: another host under the same name is another target
   */
  record Seen(Pack.Site site, List<Finding> findings, Instant at, Map<String, Read> reads) {

    /** Why it takes no new grants, fit for everybody; empty when it does. */
    Optional<String> fatal() {
      return fatal(Finding::text);
    }

    /** The same for administrators and the history. */
    Optional<String> fatalDetail() {
      return fatal(Finding::detail);
    }

    private Optional<String> fatal(Function<Finding, String> words) {
      String why =
          findings.stream()
              .filter(finding -> finding.severity() == Finding.Severity.FATAL)
              .map(words)
              .distinct()
              .collect(Collectors.joining("; "));
      return why.isEmpty() ? Optional.empty() : Optional.of(why);
    }
  }

  private static final Duration CLOCK_OFF = Duration.ofSeconds(5);

  private final Connectors connectors;
  private final TargetsSettings settings;
  private final Clocks clocks;
  private final Audit audit;
  private final TargetServers servers;
  private final Map<String, Seen> seen = new ConcurrentHashMap<>();

  TargetHealth(
      Connectors connectors,
      TargetsSettings settings,
      Clocks clocks,
      Audit audit,
      TargetServers servers) {
    this.servers = servers;
    this.connectors = connectors;
    this.settings = settings;
    this.clocks = clocks;
    this.audit = audit;
  }

  /** What was seen of exactly this target; empty when it was not looked at yet. */
  Optional<Seen> of(Pack.Site site) {
    return Optional.ofNullable(seen.get(site.id())).filter(last -> last.site().equals(site));
  }

  /** Looks at the target now and keeps what it saw. Reaches out: never in a transaction. */
  void look(Pack.Site site) {
    if (!site.here().isEmpty()) {
      closedHere(site);
      return;
    }
    Optional<Seen> before = of(site);
    Limits limits = Limits.within(settings.checkWithin());
    Optional<Connector> connector = connectors.find(site.target().kind());
    Checked checked =
        connector
            .map(each -> each.check(site.target(), limits))
            .orElse(Checked.of(List.of(Finding.fatal("no connector for " + site.target().kind()))));
    List<Finding> findings = new ArrayList<>(checked.findings());
    checked
        .server()
        .flatMap(server -> notPinned(site.target(), server, isGood(findings)))
        .ifPresent(findings::add);
    checked
        .clock()
        .flatMap(there -> clockIsOff(site.id(), Duration.between(clocks.now(), there)))
        .ifPresent(findings::add);
    Map<String, Read> reads = new HashMap<>(before.map(Seen::reads).orElse(Map.of()));
    Seen now = new Seen(site, List.copyOf(findings), clocks.now(), reads);
    if (now.fatal().isEmpty()) {
      Target target = servers.pinned(site.target());
      site.accesses()
          .forEach(access -> read(connector.orElseThrow(), target, access, limits, reads));
    }
    seen.put(site.id(), now);
    recordChange(site.id(), before, now);
  }

  /** This node lacks something for it: nothing is asked of the target, and nothing told of it. */
  private void closedHere(Pack.Site site) {
    if (of(site).isEmpty()) {
      LOG.errorf("%s is closed on this node: %s", site.id(), site.here());
    }
    String text = site.id() + " is closed on this node, which lacks a setting for it";
    List<Finding> why =
        site.here().stream().map(each -> Finding.fatal(text, each.toString())).toList();
    seen.put(site.id(), new Seen(site, why, clocks.now(), Map.of()));
  }

  private void read(
      Connector connector,
      Target target,
      Pack.Access access,
      Limits limits,
      Map<String, Read> reads) {
    try {
      Described described = connector.describe(target, access.entitlement(), limits);
      reads.put(access.id(), new Read(described, clocks.now()));
    } catch (ConnectorException e) {
      LOG.warnf("%s could not be read: %s", access.id(), e.detail());
    }
  }

  /** By its own clock a target refuses logins when Curfew is down. */
  static Optional<Finding> clockIsOff(String target, Duration off) {
    if (off.abs().compareTo(CLOCK_OFF) <= 0) {
      return Optional.empty();
    }
    String seconds = off.abs().toSeconds() + " s";
    return Optional.of(
        Finding.warning(
            off.isNegative()
                ? "the clock of "
                    + target
                    + " is "
                    + seconds
                    + " behind: when Curfew is down it lets people in that much too long; set it right"
                : "the clock of "
                    + target
                    + " is "
                    + seconds
                    + " ahead: it refuses logins that much too early; set it right"));
  }

  private static boolean isGood(List<Finding> findings) {
    return findings.stream().noneMatch(each -> each.severity() == Finding.Severity.FATAL);
  }

  /** What answers is pinned by the first good check; later it must be the same. */
  private Optional<Finding> notPinned(Target target, String server, boolean good) {
    if (servers.of(target).isEmpty() && !good) {
      return Optional.empty();
    }
    String pinned = servers.first(target, server);
    servers.answers(target, server);
    return pinned.equals(server)
        ? Optional.empty()
        : Optional.of(
            Finding.fatal(
                target.id() + " is not the server it is known as; an administrator has to look",
                "%s answers as another server than the one it is known as (%s, not %s); mend its address, or accept the new server"
                    .formatted(target.id(), server, pinned)));
  }

  /** Each node tells only what changed for itself, and only if no other told it before. */
  private void recordChange(String target, Optional<Seen> before, Seen now) {
    Optional<String> is = now.fatal();
    if (before.isPresent() && before.get().fatal().isPresent() == is.isPresent()) {
      return;
    }
    Kind kind = is.isPresent() ? Kind.TARGET_CLOSED : Kind.TARGET_OPENED;
    Entry entry =
        Entry.of(kind, Caller.BROKER)
            .target(target)
            .with("why", is.orElse(null))
            .with(
                "detail",
                now.fatalDetail().filter(more -> !is.equals(Optional.of(more))).orElse(null));
    QuarkusTransaction.requiringNew()
        .run(
            () -> {
              if (servers.isNews(target, is.isPresent())) {
                audit.record(entry);
              }
            });
  }
}

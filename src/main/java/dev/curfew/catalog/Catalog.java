package dev.curfew.catalog;

import dev.curfew.CurfewException;
import dev.curfew.audit.Proven;
import dev.curfew.connector.Ask;
import dev.curfew.connector.Connectors;
import dev.curfew.connector.Described;
import dev.curfew.connector.Endpoint;
import dev.curfew.connector.EnginePack;
import dev.curfew.connector.Finding;
import dev.curfew.connector.Handle;
import dev.curfew.connector.Profile;
import dev.curfew.connector.Target;
import dev.curfew.identity.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the accepted snapshot offers. It knows nothing of who asks: what a caller may not ask for is
 * left out by the flows.
 *
 * <p>Where no snapshot is accepted, or this node cannot use it, {@link #targets}, {@link #target}
 * and {@link #closed} answer as if there were no targets, {@link #engine} still answers, and every
 * other method throws {@code REVOKE_ONLY}.
 */
@ApplicationScoped
public class Catalog {

  private static final Described UNREAD =
      new Described(
          List.of(),
          List.of(),
          List.of("what it gives was not read from its target yet; try again in a moment"));
  private static final Profile NO_CONNECTOR =
      new Profile(Profile.Guarantee.G3, false, false, false, Duration.ZERO, "");

  private final Snapshots snapshots;
  private final TargetHealth health;
  private final Connectors connectors;
  private final Installation installation;
  private final Instance<Objection> objections;
  private final TargetServers servers;

  Catalog(
      Snapshots snapshots,
      TargetHealth health,
      Connectors connectors,
      Installation installation,
      @Any Instance<Objection> objections,
      TargetServers servers) {
    this.servers = servers;
    this.snapshots = snapshots;
    this.health = health;
    this.connectors = connectors;
    this.installation = installation;
    this.objections = objections;
  }

  /** Digest of the accepted snapshot. */
  public String digest() {
    return snapshots.current().digest();
  }

  public List<RuleFile> rules() {
    return snapshots.current().files().rules();
  }

  /** By target, the lowest level first. */
  public List<Offer> offers() {
    return offers(snapshots.current());
  }

  private List<Offer> offers(Snapshot snapshot) {
    return snapshot.accesses().values().stream()
        .map(access -> offer(snapshot.siteOf(access.id()), access))
        .sorted(
            Comparator.comparing(Offer::target)
                .thenComparing(Offer::level)
                .thenComparing(Offer::id))
        .toList();
  }

  public Optional<Offer> offer(String entitlement) {
    Snapshot snapshot = snapshots.current();
    return Optional.ofNullable(snapshot.accesses().get(entitlement))
        .map(access -> offer(snapshot.siteOf(entitlement), access));
  }

  private Offer offer(Pack.Site site, Pack.Access access) {
    Optional<TargetHealth.Read> read = health.of(site).map(seen -> seen.reads().get(access.id()));
    Described described = read.map(TargetHealth.Read::described).orElse(UNREAD);
    Profile profile = profile(site.target().kind());
    return new Offer(
        access.id(),
        site.id(),
        access.title(),
        access.description(),
        Stream.concat(site.tags().stream(), access.tags().stream()).distinct().toList(),
        access.level(),
        access.longest(),
        described.gives(),
        described.everyone(),
        described.refusals(),
        read.map(TargetHealth.Read::at),
        profile.guarantee().name(),
        profile.maxResidual(),
        profile.residual());
  }

  private Profile profile(String kind) {
    return connectors.find(kind).map(each -> each.profile()).orElse(NO_CONNECTOR);
  }

  /**
   * Offers in which every word of {@code text} occurs in name, tag, description, target or
   * privileges; {@code tag} narrows further. Null or blank means any.
   */
  public List<Offer> search(String text, String tag) {
    Snapshot snapshot = snapshots.current();
    List<String> words = words(text);
    return offers(snapshot).stream()
        .filter(offer -> tag == null || tag.isBlank() || offer.tags().contains(tag.strip()))
        .filter(offer -> hasAll(words, offer, snapshot.siteOf(offer.id())))
        .toList();
  }

  private static List<String> words(String text) {
    return text == null || text.isBlank()
        ? List.of()
        : List.of(text.strip().toLowerCase(Locale.ROOT).split("\\s+"));
  }

  private static boolean hasAll(List<String> words, Offer offer, Pack.Site site) {
    String all =
        String.join(
                "\n",
                offer.id(),
                offer.title(),
                offer.description(),
                String.join("\n", offer.tags()),
                String.join("\n", offer.gives()),
                site.title(),
                site.description())
            .toLowerCase(Locale.ROOT);
    return words.stream().allMatch(all::contains);
  }

  /** Every tag there is, for a filter. */
  public List<String> tags() {
    return offers().stream().flatMap(offer -> offer.tags().stream()).distinct().sorted().toList();
  }

  /**
   * What grant plans from.
   *
   * @throws CurfewException {@code NOT_FOUND} when there is no such entitlement
   */
  public Ask ask(String entitlement, String grantId) {
    Snapshot snapshot = snapshots.current();
    Pack.Access access = snapshot.accesses().get(entitlement);
    if (access == null) {
      throw CurfewException.notFound("entitlement");
    }
    return new Ask(
        grantId,
        installation.broker(),
        installation.id(),
        servers.pinned(snapshot.siteOf(entitlement).target()),
        access.entitlement(),
        snapshot.digest());
  }

  /** With the server that is pinned for it. */
  public Optional<Target> target(String id) {
    return site(id).map(site -> servers.pinned(site.target()));
  }

  /** The handle as the accepted packs would have it looked for today. */
  public Handle today(Handle handle) {
    return Optional.ofNullable(handle.facts().get("target"))
        .flatMap(this::target)
        .flatMap(target -> connectors.find(handle.kind()).map(each -> each.today(handle, target)))
        .orElse(handle);
  }

  /** The ids of all targets; asks nothing of store or targets. */
  public Set<String> targetIds() {
    return snapshots
        .usable()
        .map(snapshot -> Set.copyOf(snapshot.sites().keySet()))
        .orElse(Set.of());
  }

  private Optional<Pack.Site> site(String id) {
    return snapshots.usable().map(snapshot -> snapshot.sites().get(id));
  }

  public List<TargetView> targets() {
    return snapshots
        .usable()
        .map(snapshot -> snapshot.sites().values().stream().map(this::view).toList())
        .orElse(List.of());
  }

  private TargetView view(Pack.Site site) {
    Optional<TargetHealth.Seen> seen = health.of(site);
    Endpoint connect = site.target().connect();
    return new TargetView(
        site.id(),
        site.title(),
        site.description(),
        site.tags(),
        site.pack(),
        site.target().kind(),
        connect.host() + ":" + connect.port(),
        closed(site),
        seen.flatMap(TargetHealth.Seen::fatalDetail),
        servers.of(site.target()).flatMap(TargetServers.Pin::other),
        seen.map(each -> warnings(each.findings())).orElse(List.of()),
        seen.map(TargetHealth.Seen::at),
        site.accesses().stream().map(Pack.Access::id).toList());
  }

  private static List<String> warnings(List<Finding> findings) {
    return findings.stream()
        .filter(finding -> finding.severity() == Finding.Severity.WARNING)
        .map(Finding::text)
        .toList();
  }

  /**
   * The statements of a kind: of the accepted snapshot, or of the last one that had them, since
   * what they opened must be closed even when their pack is gone.
   */
  public Optional<EnginePack> engine(String kind) {
    return snapshots.engine(kind);
  }

  /** Why the target takes no new grants now; empty when it does. */
  public Optional<String> closed(String target) {
    Optional<Pack.Site> site = site(target);
    return site.isEmpty() ? Optional.of(target + " is in no pack now") : closed(site.get());
  }

  private Optional<String> closed(Pack.Site site) {
    for (Objection objection : objections) {
      Optional<String> why = objection.against(site.id());
      if (why.isPresent()) {
        return why;
      }
    }
    return health
        .of(site)
        .map(TargetHealth.Seen::fatal)
        .orElse(Optional.of(site.id() + " is being checked; try again in a moment"));
  }

  /**
   * Refuses what {@link #acceptServer} would.
   *
   * @throws CurfewException {@code NOT_FOUND}; {@code WRONG_STATE} unless it is this server that
   *     answers in place of the pinned one
   */
  public void mayAcceptServer(String target, String server) {
    servers.mustAnswer(mustHave(target).target(), server);
  }

  /**
   * From now on the target is this server. What was given on the one before stays bound to that
   * one: only it, or a person's word, proves that gone. In the caller's transaction.
   *
   * @throws CurfewException as {@link #mayAcceptServer}
   */
  public void acceptServer(Caller by, String target, String server, Proven proof) {
    servers.accept(by, mustHave(target).target(), server, proof);
  }

  private Pack.Site mustHave(String target) {
    return site(target).orElseThrow(() -> CurfewException.notFound("target"));
  }

  /**
   * Checks and reads one target again, now. Reaches out: never in a transaction.
   *
   * @throws CurfewException {@code NOT_FOUND}
   */
  public void refresh(String target) {
    health.look(mustHave(target));
  }
}

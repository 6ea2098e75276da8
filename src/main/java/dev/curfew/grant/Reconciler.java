package dev.curfew.grant;

import dev.curfew.Clocks;
import dev.curfew.CurfewException;
import dev.curfew.audit.Proven;
import dev.curfew.audit.Recorded;
import dev.curfew.catalog.Catalog;
import dev.curfew.catalog.Installation;
import dev.curfew.catalog.TargetView;
import dev.curfew.connector.Connector;
import dev.curfew.connector.ConnectorException;
import dev.curfew.connector.Connectors;
import dev.curfew.connector.Found;
import dev.curfew.connector.Limits;
import dev.curfew.connector.Mark;
import dev.curfew.connector.Outcome;
import dev.curfew.connector.Presence;
import dev.curfew.connector.Receipt;
import dev.curfew.connector.Target;
import dev.curfew.connector.Verdict;
import dev.curfew.identity.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Holds every target against the store: what is missing there, what is there and should not be.
 * Called each minute and at boot by one node of the cluster. It reads the target first and the
 * store second: what it finds there was on record here before it was made.
 */
@ApplicationScoped
public class Reconciler {

  private static final Logger LOG = Logger.getLogger(Reconciler.class);

  /** Targets at once in a round. */
  static final int LOOKS_AT_ONCE = 32;

  private final Catalog catalog;
  private final Installation installation;
  private final Connectors connectors;
  private final GrantFlow flow;
  private final Known known;
  private final Sightings sightings;
  private final Clocks clocks;
  private final GrantSettings settings;
  private final Standing standing;
  private final Unseen unseen;
  private final Differences differences;
  private final TargetMemory memory;

  Reconciler(
      Catalog catalog,
      Installation installation,
      Connectors connectors,
      GrantFlow flow,
      Known known,
      Sightings sightings,
      Clocks clocks,
      GrantSettings settings,
      Standing standing,
      Unseen unseen,
      Differences differences,
      TargetMemory memory) {
    this.memory = memory;
    this.standing = standing;
    this.unseen = unseen;
    this.differences = differences;
    this.catalog = catalog;
    this.installation = installation;
    this.connectors = connectors;
    this.flow = flow;
    this.known = known;
    this.sightings = sightings;
    this.clocks = clocks;
    this.settings = settings;
  }

  /**
   * Reconciles all targets, in parallel; a target that does not answer stops none of the others.
   *
   * @return false when there was no time to take all away that is to be: it should be called again
   */
  public boolean run() {
    Set<String> targets = new TreeSet<>(known.targets());
    targets.addAll(offered());
    Set<String> inHand = ConcurrentHashMap.newKeySet();
    ExecutorService hands = Executors.newFixedThreadPool(LOOKS_AT_ONCE);
    try {
      List<CompletableFuture<Boolean>> all =
          targets.stream()
              .filter(target -> !unseen.includes(target))
              .map(
                  target ->
                      CompletableFuture.supplyAsync(() -> reconcileQuietly(target, inHand), hands))
              .toList();
      return all.stream().map(CompletableFuture::join).reduce(true, Boolean::logicalAnd);
    } finally {
      hands.shutdown();
    }
  }

  /** What stands out at the targets now, newest first. */
  public List<FindingView> findings() {
    return sightings.all();
  }

  /**
   * An administrator's word that a reported orphan is to be taken away at the next look.
   *
   * @throws CurfewException NOT_ALLOWED, NOT_FOUND; WRONG_STATE when it is not ours
   */
  @Recorded("orphan-release")
  public void release(Caller by, String findingId, Proven proof) {
    sightings.release(by, findingId, proof);
  }

  boolean reconcile(Target target) {
    return reconcile(target, ConcurrentHashMap.newKeySet());
  }

  /**
   * Answers whether there was time for all of it.
   *
   * @param inHand what is being taken away for other targets: two targets may be one server
   */
  private boolean reconcile(Target target, Set<String> inHand) {
    Connector connector = connectors.of(target.kind());
    Limits limits = Limits.within(settings.reconcileLimit());
    boolean quarantine = standing.isOn() || differences.isOwed(target.id());
    Set<String> seen = Set.of();
    List<Found> ours = List.of();
    List<Sightings.Doomed> doomed = new ArrayList<>();
    if (connector.profile().canSweep()) {
      Instant before = clocks.now();
      List<Found> found = sweep(connector, target, limits);
      doomed = judge(target, found, before);
      seen = grants(found);
      ours = found.stream().filter(this::isOurs).toList();
    }
    List<Known.Active> missing = lookForMissing(target.id(), seen, quarantine, limits);
    if (quarantine) {
      Set<String> others = new HashSet<>(catalog.targetIds());
      others.remove(target.id());
      differences.seen(target.id(), ours, others, missing);
    }
    String server = target.server().orElse(target.id());
    doomed.removeIf(each -> !inHand.add(server + " " + each.handle().grant()));
    return doomed.isEmpty() || takeAllAway(connector, doomed, limits);
  }

  /** One target; what stops it is logged, and during a quarantine also kept for its page. */
  void reconcileQuietly(String target) {
    reconcileQuietly(target, ConcurrentHashMap.newKeySet());
  }

  private boolean reconcileQuietly(String target, Set<String> inHand) {
    try {
      Optional<Target> known = catalog.target(target);
      if (known.isPresent()) {
        return reconcile(known.get(), inHand);
      }
      // its pack was taken away: the handles of its grants still say where to look
      lookForMissing(target, Set.of(), standing.isOn(), Limits.within(settings.reconcileLimit()));
      differences.forget(target); // no more can be seen of it: the ends there are the store's
    } catch (ConnectorException e) {
      LOG.warnf("%s could not be reconciled: %s", target, e.detail());
      if (standing.isOn()) {
        differences.looked(target, e.getMessage());
      } else {
        differences.stillOwed(target, e.getMessage());
      }
    } catch (RuntimeException e) {
      LOG.warnf("%s could not be reconciled: %s", target, e.getMessage());
    }
    return true; // what could not be looked at waits for its next turn
  }

  private List<String> offered() {
    try {
      return catalog.targets().stream().map(TargetView::id).toList();
    } catch (CurfewException e) {
      return List.of();
    }
  }

  private List<Found> sweep(Connector connector, Target target, Limits limits) {
    try (Stream<Found> all = connector.sweep(target, installation.broker(), limits)) {
      return all.toList();
    }
  }

  /** Notes what stands out; answers what is to be taken away now. */
  private List<Sightings.Doomed> judge(Target target, List<Found> all, Instant before) {
    Map<String, Known.Account> accounts = known.accounts(grants(all));
    List<Sightings.Strange> strange = new ArrayList<>();
    for (Found found : all) {
      strange(found, accounts, before)
          .ifPresent(kind -> strange.add(new Sightings.Strange(found, kind)));
    }
    boolean missingIsGone = memory.against(target.id()).isEmpty();
    return sightings.seen(target.id(), strange, missingIsGone);
  }

  /** What it is, if no live grant owns it. What was known as over is taken away again. */
  private Optional<FindingView.Kind> strange(
      Found found, Map<String, Known.Account> accounts, Instant before) {
    if (found.mark().isEmpty()) {
      return Optional.of(FindingView.Kind.UNREADABLE);
    }
    Mark mark = found.mark().get();
    if (!mark.broker().equals(installation.broker())) {
      return Optional.empty();
    }
    if (!mark.installation().equals(installation.id())) {
      return Optional.of(FindingView.Kind.FOREIGN);
    }
    Known.Account account = accounts.get(mark.grant());
    if (account == null || !account.is(found.handle())) {
      return Optional.of(FindingView.Kind.ORPHAN);
    }
    if (account.wasOverBefore(before)) {
      flow.aliveAgain(mark.grant(), found.name(), found.open(), before);
    }
    return Optional.empty();
  }

  /** Several at once; answers whether there was time to begin with all of them. */
  private boolean takeAllAway(Connector connector, List<Sightings.Doomed> doomed, Limits limits) {
    ExecutorService hands =
        Executors.newFixedThreadPool(Math.min(settings.perTarget(), doomed.size()));
    try {
      List<CompletableFuture<Boolean>> begun =
          doomed.stream()
              .map(
                  each ->
                      CompletableFuture.supplyAsync(() -> begin(connector, each, limits), hands))
              .toList();
      return begun.stream().map(CompletableFuture::join).reduce(true, Boolean::logicalAnd);
    } finally {
      hands.shutdown();
    }
  }

  private boolean begin(Connector connector, Sightings.Doomed doomed, Limits toBegin) {
    if (toBegin.isOver()) {
      return false;
    }
    takeAway(connector, doomed, Limits.within(settings.callLimit()));
    return true;
  }

  private void takeAway(Connector connector, Sightings.Doomed doomed, Limits limits) {
    try {
      AtomicReference<Receipt> learned = new AtomicReference<>(Receipt.NONE);
      Outcome outcome = revoke(connector, doomed, learned, limits);
      while (outcome instanceof Outcome.Later later) {
        learned.set(later.receipt());
        TimeUnit.NANOSECONDS.sleep(limits.atMost(later.after()).toNanos());
        outcome = revoke(connector, doomed, learned, limits);
      }
      if (!(outcome instanceof Outcome.Done)) {
        sightings.failed(doomed.id(), why(outcome));
        return;
      }
      Verdict verdict = connector.verify(memory.expecting(doomed.handle()), learned.get(), limits);
      if (verdict.presence() == Presence.ABSENT) {
        sightings.revoked(doomed.id(), verdict);
      } else {
        sightings.failed(doomed.id(), "it could not be proven gone: " + verdict.detail());
      }
    } catch (ConnectorException e) {
      sightings.failed(doomed.id(), e.detail());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // it is found again
    }
  }

  private static Outcome revoke(
      Connector connector,
      Sightings.Doomed doomed,
      AtomicReference<Receipt> learned,
      Limits limits) {
    return connector.revoke(
        doomed.handle(),
        learned.get(),
        (step, receipt, facts) -> {
          learned.set(receipt);
          return true;
        },
        limits);
  }

  private boolean isOurs(Found found) {
    return found
        .mark()
        .filter(mark -> mark.broker().equals(installation.broker()))
        .filter(mark -> mark.installation().equals(installation.id()))
        .isPresent();
  }

  /**
   * An active grant that was not seen is looked at by itself: only ABSENT is drift. In a store that
   * went back it ended in the time that is lost, and nobody removed it: it is only listed.
   */
  private List<Known.Active> lookForMissing(
      String target, Set<String> seen, boolean quarantine, Limits limits) {
    List<Known.Active> missing = new ArrayList<>();
    for (Known.Active grant : known.active(target)) {
      if (seen.contains(grant.id()) || limits.isOver()) {
        continue;
      }
      Verdict verdict =
          connectors
              .of(grant.handle().kind())
              .verify(memory.expecting(catalog.today(grant.handle())), grant.receipt(), limits);
      if (verdict.presence() == Presence.ABSENT) {
        missing.add(grant);
        if (!quarantine) {
          flow.drifted(grant.id(), grant.fence(), verdict.evidence());
        }
      }
    }
    return missing;
  }

  private static Set<String> grants(List<Found> found) {
    return found.stream()
        .flatMap(each -> each.mark().stream())
        .map(Mark::grant)
        .collect(Collectors.toSet());
  }

  private static String why(Outcome outcome) {
    if (outcome instanceof Outcome.Again again) {
      return again.detail();
    }
    return outcome instanceof Outcome.Refused refused ? refused.why() : "";
  }
}

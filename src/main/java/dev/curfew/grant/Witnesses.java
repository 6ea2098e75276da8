package dev.curfew.grant;

import dev.curfew.catalog.Catalog;
import dev.curfew.catalog.Installation;
import dev.curfew.connector.Connector;
import dev.curfew.connector.ConnectorException;
import dev.curfew.connector.Connectors;
import dev.curfew.connector.Limits;
import dev.curfew.connector.Target;
import dev.curfew.connector.Told;
import dev.curfew.connector.Witness;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Asks every target how far it knew this store, and tells it how far the store is now. One node of
 * the cluster does so each minute; every node does so when it starts, before it gives anything or
 * ends anything by time, and for a target it never asked before. The target is read first and the
 * store second, so that a witness is never ahead of what it is held against.
 */
@ApplicationScoped
public class Witnesses {

  private static final Logger LOG = Logger.getLogger(Witnesses.class);

  /** After the checks of the start, and before the workers. */
  private static final int BEFORE_THE_WORKERS = 9_000;

  /** Each so many rounds, 5 s, who is owed a look is asked. */
  private static final int OWED_EACH = 10;

  private final Catalog catalog;
  private final Installation installation;
  private final Connectors connectors;
  private final Standing standing;
  private final TargetMemory memory;
  private final Unseen unseen;
  private final Reconciler reconciler;
  private final Differences differences;
  private final GrantSettings settings;

  private final Set<String> seen = ConcurrentHashMap.newKeySet();
  private final Set<String> underWay = ConcurrentHashMap.newKeySet();
  private final Set<String> logged = ConcurrentHashMap.newKeySet();
  private long rounds;
  private ScheduledExecutorService clock;
  private ExecutorService hands;

  Witnesses(
      Catalog catalog,
      Installation installation,
      Connectors connectors,
      Standing standing,
      TargetMemory memory,
      Unseen unseen,
      Reconciler reconciler,
      Differences differences,
      GrantSettings settings) {
    this.catalog = catalog;
    this.installation = installation;
    this.connectors = connectors;
    this.standing = standing;
    this.memory = memory;
    this.unseen = unseen;
    this.reconciler = reconciler;
    this.differences = differences;
    this.settings = settings;
  }

  @Startup(BEFORE_THE_WORKERS)
  void startWithTheNode() {
    if (settings.work()) {
      unseen.everything();
      hands = Executors.newCachedThreadPool(task -> daemon(task, "witness"));
      clock = Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "witness-clock"));
      clock.scheduleWithFixedDelay(this::askNew, 0, 500, TimeUnit.MILLISECONDS);
    }
  }

  void stopWithTheNode(@Observes ShutdownEvent event) {
    if (clock != null) {
      clock.shutdownNow();
      hands.shutdownNow();
    }
  }

  /** Asks and tells all targets, many at once; one that hangs holds up none but this call. */
  public void run() {
    Set<String> targets = catalog.targetIds();
    ExecutorService all =
        Executors.newFixedThreadPool(
            Reconciler.LOOKS_AT_ONCE, task -> daemon(task, "witness-round"));
    try {
      targets.stream()
          .map(target -> CompletableFuture.runAsync(() -> quietly(target), all))
          .toList()
          .forEach(CompletableFuture::join);
    } finally {
      all.shutdown();
    }
  }

  private void askNew() {
    try {
      if (standing.beginIfMissing()) {
        LOG.error("quarantine: the store lacks what this node saw in it");
        seen.clear(); // as at a start: every target is asked and looked at anew
      }
      Set<String> fresh = new TreeSet<>(catalog.targetIds());
      fresh.removeAll(seen);
      unseen.are(fresh);
      if (rounds++ % OWED_EACH == 0) {
        fresh.addAll(differences.owed().keySet());
      }
      fresh.stream().filter(underWay::add).forEach(target -> ask(target, hands));
    } catch (RuntimeException e) {
      LOG.debugf("the targets are not known yet: %s", e.getMessage());
    }
  }

  private void ask(String target, Executor by) {
    by.execute(
        () -> {
          try {
            quietly(target);
          } finally {
            underWay.remove(target);
          }
        });
  }

  private void quietly(String target) {
    try {
      Optional<Target> known = catalog.target(target);
      if (known.isEmpty()) {
        if (differences.isOwed(target)) {
          reconciler.reconcileQuietly(target);
        }
        return;
      }
      if (!asked(known.get())) {
        return;
      }
      boolean first = seen.add(target);
      if ((first && standing.isOn()) || differences.isOwed(target)) {
        reconciler.reconcileQuietly(target);
      }
    } catch (RuntimeException e) {
      LOG.warnf("the witness at %s could not be seen to: %s", target, e.getMessage());
    }
  }

  /** Whether it said how far it knew us, or that it never will. */
  boolean asked(Target target) {
    try {
      look(target);
      return true;
    } catch (ConnectorException e) {
      LOG.debugf("%s did not say how far it knew us: %s", target.id(), e.detail());
      differences.stillOwed(target.id(), e.getMessage());
      // it will say no next time, too, and can be asked to revoke: what is over must not wait
      return e.answered();
    }
  }

  void look(Target target) {
    Connector connector = connectors.of(target.kind());
    if (!connector.keepsWitness()) {
      return;
    }
    Limits limits = Limits.within(settings.verifyLimit());
    Optional<Told> told = memory.told(target.id(), target.server());
    Optional<Witness> there = connector.witness(target, installation.broker(), limits);
    Comparison comparison = standing.compare(there);
    standing.used(
        target.id(), comparison == Comparison.FOREIGN, there.map(Witness::installation).orElse(""));
    if (comparison.wentBack()) {
      String why = comparison.words(target.id(), there.orElseThrow());
      standing.begin(why, there.get().generation());
      if (logged.add(why)) { // each minute finds it again
        LOG.errorf("quarantine: %s", why);
      }
    } else if (comparison != Comparison.FOREIGN) {
      boolean putBack = told.filter(it -> it.isMoreThan(there)).isPresent();
      memory.putBack(target.id(), putBack);
      if (!putBack && !standing.isOn()) {
        logged.clear();
        tell(connector, target, there, limits);
      }
    }
  }

  private void tell(Connector connector, Target target, Optional<Witness> there, Limits limits) {
    Witness now = standing.now();
    if (there.filter(now::equals).isEmpty()) {
      connector.witness(target, installation.broker(), now, limits);
    }
    memory.tell(target, now);
    if (there.isEmpty()) {
      standing.written(target.id());
    }
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }
}

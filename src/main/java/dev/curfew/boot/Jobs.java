package dev.curfew.boot;

import dev.curfew.Clocks;
import dev.curfew.Ids;
import dev.curfew.account.Leftovers;
import dev.curfew.grant.GrantSettings;
import dev.curfew.grant.Reconciler;
import dev.curfew.grant.Witnesses;
import dev.curfew.request.RequestFlow;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/**
 * The single jobs of the cluster: each is done by one node at a time, see {@link JobTurns}. Ends of
 * grants are not among them: those are the workers' own.
 */
@Singleton
class Jobs {

  /** Its work answers whether there was time for all of it; if not, it is due again at once. */
  private record Job(String name, Duration each, BooleanSupplier work) {}

  private static final Logger LOG = Logger.getLogger(Jobs.class);
  private static final int AFTER_THE_WORKERS = 20_000;
  private static final Duration LOOK = Duration.ofSeconds(5);

  private final JobTurns turns;
  private final Clocks clocks;
  private final RequestFlow requests;
  private final Reconciler reconciler;
  private final Witnesses witnesses;
  private final Leftovers leftovers;
  private final GrantSettings settings;

  private final String node = Ids.next();
  private final Set<String> running = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService hands =
      Executors.newScheduledThreadPool(
          4, // one for each job, one to keep them
          task -> {
            Thread thread = new Thread(task, "job");
            thread.setDaemon(true);
            return thread;
          });

  Jobs(
      JobTurns turns,
      Clocks clocks,
      RequestFlow requests,
      Reconciler reconciler,
      Witnesses witnesses,
      Leftovers leftovers,
      GrantSettings settings) {
    this.turns = turns;
    this.clocks = clocks;
    this.requests = requests;
    this.reconciler = reconciler;
    this.witnesses = witnesses;
    this.leftovers = leftovers;
    this.settings = settings;
  }

  /** Tests inside one process do them when they want. */
  @Startup(AFTER_THE_WORKERS)
  void start() {
    if (!settings.work() || LaunchMode.current() == LaunchMode.TEST) {
      return;
    }
    for (Job job :
        List.of(
            new Job("lapse", Duration.ofSeconds(15), this::lapse),
            new Job("reconcile", settings.reconcileEvery(), this::reconcile),
            new Job("clean-up", Duration.ofMinutes(10), this::cleanUp))) {
      long look = Math.min(LOOK.toMillis(), job.each().toMillis() / 4 + 1);
      hands.scheduleWithFixedDelay(() -> look(job), 0, look, TimeUnit.MILLISECONDS);
    }
    hands.scheduleWithFixedDelay(
        this::keep, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
  }

  void stop(@Observes ShutdownEvent event) {
    hands.shutdownNow();
  }

  private void look(Job job) {
    quietly(
        job.name(),
        () -> {
          Instant began = clocks.now();
          if (turns.take(job.name(), node, job.each())) {
            running.add(job.name());
            boolean done = true;
            try {
              done = job.work().getAsBoolean();
            } finally {
              running.remove(job.name());
              turns.done(job.name(), node, began, done ? job.each() : Duration.ZERO);
            }
          }
        });
  }

  private void keep() {
    running.forEach(job -> quietly("keep " + job, () -> turns.keep(job, node)));
  }

  private boolean lapse() {
    int lapsed = requests.lapse();
    if (lapsed > 0) {
      LOG.infof("%d requests waited too long and lapsed", lapsed);
    }
    return true;
  }

  private boolean reconcile() {
    // first whether the store may be believed, then what differs from it
    witnesses.run();
    return reconciler.run();
  }

  /** What is over and proves nothing any more: the history is the memory, not these tables. */
  private boolean cleanUp() {
    int gone = leftovers.forget();
    LOG.debugf("%d rows that prove nothing any more are gone", gone);
    return true;
  }

  /** Or it would never be looked at again. */
  private void quietly(String what, Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      LOG.warnf("job %s: %s; it is done again", what, e.toString());
    }
  }
}

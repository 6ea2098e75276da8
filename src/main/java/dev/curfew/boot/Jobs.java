package dev.curfew.boot;

import dev.curfew.account.Leftovers;
import dev.curfew.grant.Reconciler;
import dev.curfew.grant.Witnesses;
import dev.curfew.request.RequestFlow;
import io.quarkus.scheduler.Scheduled;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/**
 * The single jobs of the cluster: Quartz keeps them in the store, and one node runs each. Ends of
 * grants are not among them: those are the workers' own.
 */
@Singleton
class Jobs {

  private static final Logger LOG = Logger.getLogger(Jobs.class);

  private final RequestFlow requests;
  private final Reconciler reconciler;
  private final Witnesses witnesses;
  private final Leftovers leftovers;

  Jobs(RequestFlow requests, Reconciler reconciler, Witnesses witnesses, Leftovers leftovers) {
    this.witnesses = witnesses;
    this.requests = requests;
    this.reconciler = reconciler;
    this.leftovers = leftovers;
  }

  @Scheduled(
      identity = "lapse",
      every = "15s",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  void lapse() {
    int lapsed = requests.lapse();
    if (lapsed > 0) {
      LOG.infof("%d requests waited too long and lapsed", lapsed);
    }
  }

  @Scheduled(
      identity = "reconcile",
      every = "${curfew.grant.reconcile-every:60s}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  void reconcile() {
    // first whether the store may be believed, then what differs from it
    witnesses.run();
    reconciler.run();
  }

  /** What is over and proves nothing any more: the history is the memory, not these tables. */
  @Scheduled(
      identity = "clean-up",
      every = "10m",
      delayed = "5m",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  void cleanUp() {
    int gone = leftovers.forget();
    LOG.debugf("%d rows that prove nothing any more are gone", gone);
  }
}

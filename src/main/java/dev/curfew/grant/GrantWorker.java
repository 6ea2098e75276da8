package dev.curfew.grant;

import dev.curfew.Ids;
import dev.curfew.catalog.RevokeOnly;
import dev.curfew.connector.Limits;
import dev.curfew.connector.Presence;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;

/**
 * Does what is due at the targets: one loop on each node, all nodes on the same queue. Half of the
 * workers are kept for revocations, and what is due to end comes before what is due to begin.
 */
@ApplicationScoped
public class GrantWorker {

  private static final Logger LOG = Logger.getLogger(GrantWorker.class);

  private static final int AFTER_THE_CHECKS = 10_000;

  private final Queue queue;
  private final GrantFlow flow;
  private final GrantCalls calls;
  private final RevokeOnly revokeOnly;
  private final GrantSettings settings;

  private final String node = "worker:" + Ids.next();
  private final Map<String, Claim> inHand = new ConcurrentHashMap<>();
  private final Set<String> probed = ConcurrentHashMap.newKeySet();
  private final Semaphore news = new Semaphore(0);
  private Semaphore free;
  private Semaphore freeToProvision;
  private ExecutorService workers;
  private ExecutorService probes;
  private ScheduledExecutorService clock;
  private Thread loop;
  private volatile boolean running;

  GrantWorker(
      Queue queue,
      GrantFlow flow,
      GrantCalls calls,
      RevokeOnly revokeOnly,
      GrantSettings settings) {
    this.queue = queue;
    this.flow = flow;
    this.calls = calls;
    this.revokeOnly = revokeOnly;
    this.settings = settings;
  }

  /** After the start checks: they say whether this node may give as well as take away. */
  @Startup(AFTER_THE_CHECKS)
  void startWithTheNode() {
    if (settings.work()) {
      start();
    }
  }

  void stopWithTheNode(@Observes ShutdownEvent event) {
    stop();
  }

  synchronized void start() {
    if (running) {
      return;
    }
    running = true;
    free = new Semaphore(settings.workers());
    freeToProvision = new Semaphore(Math.max(1, settings.workers() / 2));
    workers = Executors.newFixedThreadPool(settings.workers(), daemons("grant-worker"));
    probes = Executors.newCachedThreadPool(daemons("grant-probe"));
    clock = Executors.newScheduledThreadPool(2, daemons("grant-clock"));
    every(settings.heartbeat().toMillis(), this::renew);
    every(settings.probe().toMillis(), this::probe);
    loop = daemons("grant-loop").newThread(this::run);
    loop.start();
  }

  /** Takes no more, and waits for what is under way; what does not end in time is given back. */
  synchronized void stop() {
    if (!running) {
      return;
    }
    running = false;
    news.release();
    long until = System.nanoTime() + settings.drain().toNanos();
    try {
      loop.join(Math.max(1, millisUntil(until)));
      workers.shutdown();
      if (!workers.awaitTermination(millisUntil(until), TimeUnit.MILLISECONDS)) {
        giveBack(List.copyOf(inHand.values()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      clock.shutdownNow();
      workers.shutdownNow();
      probes.shutdownNow();
    }
  }

  /** Another node need not wait for their leases; where the store does not answer, it does. */
  private void giveBack(List<Claim> held) {
    LOG.warnf("left %d calls to whoever takes them: %s", held.size(), inHand.keySet());
    try {
      queue.giveBack(held);
    } catch (RuntimeException e) {
      LOG.warnf("they are taken over when their leases end: %s", e.getMessage());
    }
  }

  private static long millisUntil(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(nanos - System.nanoTime());
  }

  /** Looks at the queue now; otherwise it is looked at every {@link GrantSettings#poll()}. */
  void wake() {
    news.release();
  }

  private void run() {
    while (running) {
      turn();
      quietly("wait", this::rest);
    }
  }

  /** Each part by itself: what fails in one must not keep the others from their work. */
  private void turn() {
    quietly("end what is due", this::endDue);
    quietly("call stuck what takes too long", flow::markStuck);
    quietly("revoke", () -> take(Queue.Work.REVOKE, free.availablePermits()));
    if (!revokeOnly.isOn() && !isQuarantined()) {
      quietly(
          "provision",
          () ->
              take(
                  Queue.Work.PROVISION,
                  Math.min(free.availablePermits(), freeToProvision.availablePermits())));
    }
  }

  /** A store that does not say is treated as one that stands still. */
  private boolean isQuarantined() {
    try {
      return flow.isQuarantined();
    } catch (RuntimeException e) {
      return true;
    }
  }

  /**
   * All that is due at once; one by one where that fails, so that one row cannot hold up the rest.
   */
  private void endDue() {
    try {
      if (flow.endDue() == GrantFlow.BATCH) {
        wake();
      }
    } catch (RuntimeException e) {
      LOG.warnf("could not end all that is due at once: %s", e.getMessage());
      for (String grant : flow.due()) {
        quietly("end grant " + grant, () -> flow.endDue(grant));
      }
    }
  }

  private void rest() {
    try {
      if (news.tryAcquire(settings.poll().toMillis(), TimeUnit.MILLISECONDS)) {
        news.drainPermits();
      }
    } catch (InterruptedException e) {
      running = false;
    }
  }

  private void take(Queue.Work work, int most) {
    if (most < 1) {
      return;
    }
    for (Claim claim : queue.claim(work, node, most)) {
      boolean provision = work == Queue.Work.PROVISION;
      free.acquireUninterruptibly();
      if (provision) {
        freeToProvision.acquireUninterruptibly();
      }
      inHand.put(claim.grant(), claim);
      workers.execute(() -> work(claim, provision));
    }
  }

  private void work(Claim claim, boolean provision) {
    MDC.put("grant", claim.grant());
    try {
      if (provision) {
        calls.provision(claim);
      } else {
        calls.revoke(claim);
      }
    } catch (RuntimeException e) {
      LOG.errorf(e, "grant %s: the call failed; it is made again", claim.grant());
      quietly("put on record that it failed", () -> calls.failed(claim));
    } finally {
      MDC.remove("grant");
      inHand.remove(claim.grant(), claim);
      if (provision) {
        freeToProvision.release();
      }
      free.release();
      news.release();
    }
  }

  private void renew() {
    quietly("mend times", queue::mendTimes);
    List<Claim> held = List.copyOf(inHand.values());
    if (!held.isEmpty()) {
      queue.renew(held);
    }
  }

  /** Looks, on threads of its own, whether the targets that did not answer answer again. */
  private void probe() {
    for (Waiting waiting : queue.waiting()) {
      if (probed.add(waiting.target())) {
        probes.execute(
            () -> {
              try {
                probe(waiting);
              } finally {
                probed.remove(waiting.target());
              }
            });
      }
    }
  }

  private void probe(Waiting waiting) {
    Presence seen = calls.look(waiting, Limits.within(lookLimit()));
    if (seen != Presence.UNKNOWN) {
      int woken = queue.wake(waiting.target());
      LOG.infof("%s answers again; woke %d waiting calls", waiting.target(), woken);
      wake();
    }
  }

  /**
   * A look must be over before the next is due: while one hangs no other is made, and a target that
   * answers again would be noticed only a whole round later.
   */
  private Duration lookLimit() {
    Duration most = settings.probe().multipliedBy(4).dividedBy(5);
    return most.compareTo(settings.verifyLimit()) < 0 ? most : settings.verifyLimit();
  }

  private void every(long millis, Runnable task) {
    clock.scheduleWithFixedDelay(
        () -> quietly("keep time", task), millis, millis, TimeUnit.MILLISECONDS);
  }

  /** Neither a store that does not answer nor an error of the machine may end the loop. */
  private void quietly(String what, Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      if (running) {
        LOG.warnf("could not %s: %s", what, e.toString());
      }
    }
  }

  private static ThreadFactory daemons(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }
}

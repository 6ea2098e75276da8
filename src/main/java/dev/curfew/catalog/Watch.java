package dev.curfew.catalog;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/**
 * Each node's own look at its files and at its targets. Not a job of the cluster: whether a target
 * answers is a question of the node that asks.
 */
@Singleton
class Watch {

  private static final Logger LOG = Logger.getLogger(Watch.class);
  private static final int LOOKS_AT_ONCE = 4;
  private static final Duration CLOSED = Duration.ofSeconds(5);

  private final LocalFiles files;
  private final Snapshots snapshots;
  private final TargetHealth health;
  private final PacksSettings packs;
  private final TargetsSettings targets;
  private final ScheduledExecutorService pool =
      Executors.newScheduledThreadPool(LOOKS_AT_ONCE + 1, threads());
  private final Map<String, Long> lookedNanos = new ConcurrentHashMap<>();
  private final Map<String, Pack.Site> looking = new ConcurrentHashMap<>();

  Watch(
      LocalFiles files,
      Snapshots snapshots,
      TargetHealth health,
      PacksSettings packs,
      TargetsSettings targets) {
    this.files = files;
    this.snapshots = snapshots;
    this.health = health;
    this.packs = packs;
    this.targets = targets;
  }

  void start(@Observes @Priority(4000) StartupEvent event) {
    readFiles();
    every(packs.reread(), this::readFiles);
    every(Duration.ofSeconds(1), this::lookWhereDue);
  }

  void stop(@Observes ShutdownEvent event) {
    pool.shutdownNow();
  }

  private void readFiles() {
    try {
      files.read();
    } catch (RuntimeException e) {
      LOG.error("Packs and rules could not be read", e);
    }
  }

  /** A target is due when it is new, when its pack changed, or when its last look is old. */
  private void lookWhereDue() {
    snapshots.usable().ifPresent(now -> now.sites().values().forEach(this::lookIfDue));
  }

  private void lookIfDue(Pack.Site site) {
    Long last = lookedNanos.get(site.id());
    boolean due =
        last == null
            || health.of(site).isEmpty()
            || System.nanoTime() - last >= pause(site).toNanos();
    if (!due || looking.putIfAbsent(site.id(), site) != null) {
      return;
    }
    pool.execute(
        () -> {
          try {
            health.look(site);
          } catch (RuntimeException e) {
            LOG.errorf(e, "%s could not be checked", site.id());
          } finally {
            lookedNanos.put(site.id(), System.nanoTime());
            looking.remove(site.id());
          }
        });
  }

  /** A closed target is looked at more often: people wait for it. */
  private Duration pause(Pack.Site site) {
    boolean closed = health.of(site).flatMap(TargetHealth.Seen::fatal).isPresent();
    Duration usual = targets.checkEvery();
    return closed && usual.compareTo(CLOSED) > 0 ? CLOSED : usual;
  }

  private void every(Duration span, Runnable work) {
    pool.scheduleWithFixedDelay(
        () -> {
          try {
            work.run();
          } catch (RuntimeException e) {
            LOG.error("The catalog could not be refreshed; trying again", e);
          }
        },
        0,
        span.toMillis(),
        TimeUnit.MILLISECONDS);
  }

  private static ThreadFactory threads() {
    AtomicInteger number = new AtomicInteger();
    return work -> {
      Thread thread = new Thread(work, "curfew-catalog-" + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }
}

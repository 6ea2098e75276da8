package dev.curfew.boot;

import dev.curfew.Clocks;
import dev.curfew.audit.Sequencer;
import dev.curfew.catalog.Catalog;
import dev.curfew.catalog.RevokeOnly;
import dev.curfew.grant.GrantGauges;
import dev.curfew.request.Requests;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.quarkus.arc.Arc;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jboss.logging.Logger;

/**
 * The figures an operator watches, read from the store every few seconds and not at each scrape.
 * Where the store does not answer they keep their last values; {@code
 * curfew_store_clock_age_seconds} tells.
 */
@Singleton
class Gauges {

  private static final Logger LOG = Logger.getLogger(Gauges.class);
  private static final Duration EACH = Duration.ofSeconds(5);

  private final GrantGauges grants;
  private final Requests requests;
  private final Sequencer sequencer;
  private final Catalog catalog;
  private final MultiGauge queued;
  private final MeterRegistry registry;
  private final List<Gauge> registered = new ArrayList<>();
  private final ScheduledExecutorService reader =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "gauges");
            thread.setDaemon(true);
            return thread;
          });
  private volatile GrantGauges.Reading reading =
      new GrantGauges.Reading(Map.of(), Duration.ZERO, 0, 0, 0);
  private volatile long votes;
  private volatile double unnumbered;

  Gauges(
      MeterRegistry registry,
      GrantGauges grants,
      Requests requests,
      Sequencer sequencer,
      Catalog catalog,
      RevokeOnly revokeOnly,
      Clocks clocks) {
    this.registry = registry;
    this.grants = grants;
    this.requests = requests;
    this.sequencer = sequencer;
    this.catalog = catalog;
    this.queued =
        MultiGauge.builder("curfew.queue.depth")
            .description("Calls to targets that are due now")
            .register(registry);
    gauge("curfew.grants.live", "Grants whose end is not decided", g -> g.reading.live());
    gauge(
        "curfew.revocation.lateness.seconds",
        "How long the oldest revocation that is not proven has been due",
        g -> g.reading.oldestDue().toMillis() / 1000.0);
    stuck("live", g -> g.reading.stuckLive());
    stuck("leftover", g -> g.reading.stuckLeftover());
    gauge("curfew.votes.pending", "Requests that wait for a vote", g -> g.votes);
    gauge(
        "curfew.history.unnumbered.seconds",
        "Age of the oldest entry of the history without a number",
        g -> g.unnumbered);
    register(
        Gauge.builder("curfew.revoke.only", revokeOnly, mode -> mode.isOn() ? 1 : 0)
            .description("1 while this node only takes access away"));
    register(
        Gauge.builder(
                "curfew.store.clock.age.seconds", clocks, c -> c.sinceReading().toMillis() / 1e3)
            .description("How long ago this node last read its store's clock"));
    skew("machine", clocks, Clocks.Skew::machine);
    skew("behind", clocks, Clocks.Skew::behind);
  }

  @Startup
  void start() {
    reader.scheduleWithFixedDelay(this::read, 2_000, EACH.toMillis(), TimeUnit.MILLISECONDS);
  }

  void stop(@Observes ShutdownEvent event) {
    reader.shutdownNow();
    // the registry outlives an application that is started anew in the same process
    registered.forEach(registry::remove);
  }

  void read() {
    var context = Arc.container().requestContext();
    context.activate();
    try {
      reading = grants.read();
      votes = requests.pending();
      unnumbered = sequencer.progress().lag().toMillis() / 1000.0;
      queued.register(
          everyTarget(reading.queued()).entrySet().stream()
              .map(each -> MultiGauge.Row.of(Tags.of("target", each.getKey()), each.getValue()))
              .toList(),
          true);
    } catch (RuntimeException e) {
      LOG.debugf("the figures could not be read: %s", e.getMessage());
    } finally {
      context.terminate();
    }
  }

  /** A target with nothing due says 0: an alert must not mistake silence for peace. */
  private Map<String, Long> everyTarget(Map<String, ? extends Number> due) {
    Map<String, Long> all = new TreeMap<>();
    catalog.targets().forEach(target -> all.put(target.id(), 0L));
    due.forEach((target, depth) -> all.put(target, depth.longValue()));
    return all;
  }

  private void gauge(String name, String what, ToDoubleFunction<Gauges> value) {
    register(Gauge.builder(name, this, value).description(what));
  }

  private void stuck(String kind, ToDoubleFunction<Gauges> value) {
    register(
        Gauge.builder("curfew.grants.stuck", this, value)
            .description("Revocations that are stuck: live, or something left over")
            .tag("kind", kind));
  }

  private void skew(String kind, Clocks clocks, Function<Clocks.Skew, Duration> which) {
    register(
        Gauge.builder(
                "curfew.clock.skew.seconds", clocks, c -> which.apply(c.skew()).toMillis() / 1e3)
            .description(
                "How far this machine's clock is from the store's, or the store's behind its past")
            .tag("kind", kind));
  }

  private void register(Gauge.Builder<?> gauge) {
    registered.add(gauge.register(registry));
  }
}

package dev.curfew.boot;

import dev.curfew.Clocks;
import dev.curfew.audit.Sequencer;
import dev.curfew.catalog.Catalog;
import dev.curfew.catalog.RevokeOnly;
import dev.curfew.catalog.TargetView;
import dev.curfew.grant.GrantGauges;
import dev.curfew.grant.GrantGauges.AtTarget;
import dev.curfew.grant.Quarantine;
import dev.curfew.grant.Revoked;
import dev.curfew.grant.TakenOver;
import dev.curfew.grant.Timekeeping;
import dev.curfew.policy.Policies;
import dev.curfew.request.Requests;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.quarkus.arc.Arc;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
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
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.jboss.logging.Logger;

/**
 * The figures an operator watches, read from the store every few seconds and not at each scrape;
 * each with its meaning in docs/operations.md. Where the store does not answer they keep their last
 * values; {@code curfew_store_clock_age_seconds} tells.
 */
@Singleton
class Gauges {

  private static final Logger LOG = Logger.getLogger(Gauges.class);
  private static final Duration EACH = Duration.ofSeconds(5);

  /** They answer the table of times: how many ends were in time, late, or worth a page. */
  private static final Duration[] BUCKETS =
      List.of(1, 2, 5, 10, 15, 30, 60, 120, 600).stream()
          .map(Duration::ofSeconds)
          .toArray(Duration[]::new);

  private record Line(AtTarget at, boolean open) {}

  private final GrantGauges grants;
  private final Requests requests;
  private final Sequencer sequencer;
  private final Catalog catalog;
  private final Policies policies;
  private final RevokeOnly revokeOnly;
  private final Timekeeping timekeeping;
  private final ReadyCheck readyCheck;
  private final Quarantine quarantine;
  private final MeterRegistry registry;
  private final List<Meter> registered = new ArrayList<>();
  private final Map<MultiGauge, ToDoubleFunction<Line>> perTarget;
  private final MultiGauge stuck;
  private final MultiGauge stuckFor;
  private final Counter takenOver;
  private final ScheduledExecutorService reader =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "gauges");
            thread.setDaemon(true);
            return thread;
          });
  private volatile GrantGauges.Reading reading = new GrantGauges.Reading(List.of());
  private volatile long votes;
  private volatile boolean quarantined;
  private volatile double unnumbered;
  private volatile boolean ready;

  Gauges(
      MeterRegistry registry,
      GrantGauges grants,
      Requests requests,
      Sequencer sequencer,
      Catalog catalog,
      Policies policies,
      RevokeOnly revokeOnly,
      Timekeeping timekeeping,
      @Readiness ReadyCheck readyCheck,
      Quarantine quarantine,
      Clocks clocks) {
    this.quarantine = quarantine;
    this.registry = registry;
    this.grants = grants;
    this.requests = requests;
    this.sequencer = sequencer;
    this.catalog = catalog;
    this.policies = policies;
    this.revokeOnly = revokeOnly;
    this.timekeeping = timekeeping;
    this.readyCheck = readyCheck;
    this.perTarget =
        Map.of(
            many("curfew.queue.depth", "Calls to the target that are due and not in hand"),
            line -> line.at().waiting(),
            many("curfew.queue.oldest.seconds", "How long the oldest of them has been due"),
            line -> seconds(line.at().waitingFor()),
            many("curfew.queue.in.hand", "Calls to the target that are under way"),
            line -> line.at().inHand(),
            many(
                "curfew.revocation.oldest.seconds",
                "How long ago the oldest end was due after which somebody may still be inside"),
            line -> seconds(line.at().overdueLive()),
            many("curfew.target.open", "1 while the target takes new grants, as this node sees it"),
            line -> line.open() ? 1 : 0);
    this.stuck = many("curfew.grants.stuck", "Grants past their end that are stuck or overstay");
    this.stuckFor =
        many(
            "curfew.grants.stuck.oldest.seconds",
            "How long ago the oldest of them should have been over");
    this.takenOver =
        Counter.builder("curfew.leases.taken.over")
            .description("Calls taken over by this node because their worker's lease ran out")
            .register(registry);
    registered.add(takenOver);
    gauge("curfew.grants.live", "Grants whose end is not decided", g -> g.reading.live());
    gauge("curfew.votes.pending", "Requests that wait for a vote", g -> g.votes);
    gauge(
        "curfew.history.unnumbered.seconds",
        "Age of the oldest entry of the history without a number",
        g -> g.unnumbered);
    gauge("curfew.node.ready", "1 while this node gives as well as takes away", Gauges::isReady);
    gauge(
        "curfew.quarantine",
        "1 while the store is known to have gone back in time and nothing new is given",
        g -> g.quarantined ? 1 : 0);
    register(
        Gauge.builder("curfew.revoke.only", revokeOnly, mode -> mode.isOn() ? 1 : 0)
            .description("1 while this node only takes access away"));
    register(
        Gauge.builder("curfew.store.clock.age.seconds", clocks, c -> seconds(c.sinceReading()))
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

  void revoked(@Observes(during = TransactionPhase.AFTER_SUCCESS) Revoked end) {
    blocked(end.target()).record(end.blockedAfter());
    dead(end.target()).record(end.deadAfter());
  }

  void takenOver(@Observes(during = TransactionPhase.AFTER_SUCCESS) TakenOver call) {
    takenOver.increment();
  }

  void read() {
    var context = Arc.container().requestContext();
    context.activate();
    try {
      ready = readyCheck.call().getStatus() == HealthCheckResponse.Status.UP;
      reading = grants.read();
      votes = requests.pending();
      quarantined = quarantine.isOn();
      unnumbered = seconds(sequencer.progress().lag());
      show(lines());
      if (!revokeOnly.isOn()) {
        policies.current();
      }
    } catch (RuntimeException e) {
      ready = false;
      LOG.debugf("the figures could not be read: %s", e.getMessage());
    } finally {
      context.terminate();
    }
  }

  /** A target with nothing due says 0: an alert must not mistake silence for peace. */
  private Map<String, Line> lines() {
    Map<String, Line> lines = new TreeMap<>();
    reading.targets().forEach(at -> lines.put(at.target(), new Line(at, false)));
    for (TargetView target : catalog.targets()) {
      lines.put(target.id(), new Line(reading.at(target.id()), target.isOpen()));
    }
    return lines;
  }

  private void show(Map<String, Line> lines) {
    perTarget.forEach((gauge, value) -> gauge.register(each(lines, value), true));
    lines.keySet().forEach(this::blocked);
    lines.keySet().forEach(this::dead);
    stuck.register(
        both(lines, line -> line.at().stuckLive(), line -> line.at().stuckLeftover()), true);
    stuckFor.register(
        both(
            lines,
            line -> seconds(line.at().stuckLiveFor()),
            line -> seconds(line.at().stuckLeftoverFor())),
        true);
  }

  private static List<MultiGauge.Row<?>> each(
      Map<String, Line> lines, ToDoubleFunction<Line> value) {
    List<MultiGauge.Row<?>> rows = new ArrayList<>();
    lines.forEach(
        (target, line) -> rows.add(row(Tags.of("target", target), value.applyAsDouble(line))));
    return rows;
  }

  private static List<MultiGauge.Row<?>> both(
      Map<String, Line> lines, ToDoubleFunction<Line> live, ToDoubleFunction<Line> leftover) {
    List<MultiGauge.Row<?>> rows = new ArrayList<>();
    lines.forEach(
        (target, line) -> {
          Tags tags = Tags.of("target", target);
          rows.add(row(tags.and("kind", "live"), live.applyAsDouble(line)));
          rows.add(row(tags.and("kind", "leftover"), leftover.applyAsDouble(line)));
        });
    return rows;
  }

  private static MultiGauge.Row<?> row(Tags tags, double value) {
    return MultiGauge.Row.of(tags, value);
  }

  private Timer blocked(String target) {
    return lateness(
        "curfew.revocation.blocked",
        "From an end being due to nobody being able to log in",
        target);
  }

  private Timer dead(String target) {
    return lateness(
        "curfew.revocation.dead", "From an end being due to no session being left", target);
  }

  private Timer lateness(String name, String what, String target) {
    return Timer.builder(name)
        .description(what)
        .tag("target", target)
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }

  /** At once where the clocks say no: the last reading may be some seconds old. */
  private double isReady() {
    return ready && !revokeOnly.isOn() && timekeeping.objection().isEmpty() ? 1 : 0;
  }

  private MultiGauge many(String name, String what) {
    return MultiGauge.builder(name).description(what).register(registry);
  }

  private void gauge(String name, String what, ToDoubleFunction<Gauges> value) {
    register(Gauge.builder(name, this, value).description(what));
  }

  private void skew(String kind, Clocks clocks, Function<Clocks.Skew, Duration> which) {
    register(
        Gauge.builder("curfew.clock.skew.seconds", clocks, c -> seconds(which.apply(c.skew())))
            .description(
                "How far this machine's clock is from the store's, or the store's behind its past")
            .tag("kind", kind));
  }

  private void register(Gauge.Builder<?> gauge) {
    registered.add(gauge.register(registry));
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1e3;
  }
}

package dev.curfew.connector;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Stands before every connector: keeps the deadline whatever the connector does, counts, redacts,
 * and turns what nobody foresaw into "try again", since an effect may have happened.
 */
public final class Guarded implements Connector {

  /** How long a call may take to come back by itself once its time is over. */
  private static final Duration GRACE = Duration.ofMillis(500);

  private static final Duration SOON = Duration.ofSeconds(1);

  private final Connector guarded;
  private final ExecutorService pool;
  private final ExecutorService looks;
  private final Meter meter;

  /**
   * @param pool for what is done for a grant
   * @param looks for what is asked of a target as a whole: many that hang must not keep a grant
   *     from its end
   */
  public Guarded(Connector guarded, ExecutorService pool, ExecutorService looks, Meter meter) {
    this.guarded = guarded;
    this.pool = pool;
    this.looks = looks;
    this.meter = meter;
  }

  /** A pool for all connectors of a process; a call that finds no free thread is told so. */
  public static ExecutorService pool(int threads) {
    AtomicInteger number = new AtomicInteger();
    return new ThreadPoolExecutor(
        0,
        threads,
        30,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        work -> {
          Thread thread = new Thread(work, "curfew-connector-" + number.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        });
  }

  @Override
  public String kind() {
    return guarded.kind();
  }

  @Override
  public Profile profile() {
    return guarded.profile();
  }

  @Override
  public Plan plan(Ask ask) {
    return guarded.plan(ask);
  }

  @Override
  public Handle today(Handle handle, Target target) {
    return guarded.today(handle, target);
  }

  @Override
  public Checked check(Target target, Limits limits) {
    return call(
        looks,
        "check",
        limits,
        () -> guarded.check(target, limits),
        checked -> "done",
        failure ->
            Checked.of(
                List.of(
                    Finding.fatal(
                        target.id() + ": " + failure.why(),
                        target.id() + ": " + failure.detail()))));
  }

  @Override
  public Described describe(Target target, Entitlement entitlement, Limits limits) {
    return call(
        looks,
        "describe",
        limits,
        () -> guarded.describe(target, entitlement, limits),
        described -> "done",
        Failure::raise);
  }

  @Override
  public Outcome provision(Plan plan, Instant until, Limits limits) {
    return call(
        pool,
        "provision",
        limits,
        () -> guarded.provision(plan, until, limits),
        Guarded::word,
        Failure::again);
  }

  @Override
  public Verdict verify(Handle handle, Receipt receipt, Limits limits) {
    return call(
        pool,
        "verify",
        limits,
        () -> guarded.verify(handle, receipt, limits),
        verdict -> verdict.presence().name().toLowerCase(Locale.ROOT),
        failure -> Verdict.unknown(failure.why(), List.of(failure.detail())));
  }

  @Override
  public Secret issue(Handle handle, Instant until, Limits limits) {
    return call(
        pool,
        "issue",
        limits,
        () -> guarded.issue(handle, until, limits),
        secret -> "done",
        Failure::raise);
  }

  @Override
  public Outcome revoke(Handle handle, Receipt receipt, Progress progress, Limits limits) {
    return call(
        pool,
        "revoke",
        limits,
        () -> guarded.revoke(handle, receipt, progress, limits),
        Guarded::word,
        Failure::again);
  }

  @Override
  public Stream<Found> sweep(Target target, String broker, Limits limits) {
    return call(
        looks,
        "sweep",
        limits,
        () -> guarded.sweep(target, broker, limits),
        found -> "done",
        Failure::raise);
  }

  @Override
  public boolean keepsWitness() {
    return guarded.keepsWitness();
  }

  @Override
  public Optional<Witness> witness(Target target, String broker, Limits limits) {
    return call(
        looks,
        "read-witness",
        limits,
        () -> guarded.witness(target, broker, limits),
        witness -> witness.isPresent() ? "done" : "missing",
        Failure::raise);
  }

  @Override
  public void witness(Target target, String broker, Witness witness, Limits limits) {
    call(
        looks,
        "write-witness",
        limits,
        () -> {
          guarded.witness(target, broker, witness, limits);
          return witness;
        },
        written -> "done",
        Failure::raise);
  }

  /** What went wrong, already fit to be read. */
  private record Failure(String result, String why, String detail, boolean reached, boolean lost) {

    /** No answer came. */
    Failure(String result, String why, boolean reached) {
      this(result, why, why, reached, true);
    }

    Outcome again() {
      return new Outcome.Again(SOON, why, detail, reached);
    }

    <T> T raise() {
      throw new ConnectorException(why, detail, reached, lost);
    }
  }

  private <T> T call(
      ExecutorService by,
      String verb,
      Limits limits,
      Callable<T> call,
      Function<T, String> word,
      Function<Failure, T> otherwise) {
    long start = System.nanoTime();
    Failure failure;
    Future<T> running = null;
    try {
      running = by.submit(call);
      T answer = running.get(limits.left().plus(GRACE).toNanos(), TimeUnit.NANOSECONDS);
      count(verb, word.apply(answer), start);
      return answer;
    } catch (RejectedExecutionException e) {
      failure = new Failure("busy", "too many calls to targets are under way", false);
    } catch (TimeoutException e) {
      running.cancel(true);
      failure = new Failure("late", "the target did not answer in time", true);
    } catch (InterruptedException e) {
      running.cancel(true);
      Thread.currentThread().interrupt();
      failure = new Failure("late", "the broker is stopping", true);
    } catch (ExecutionException e) {
      failure = failed(e.getCause());
    }
    count(verb, failure.result(), start);
    return otherwise.apply(failure);
  }

  private static Failure failed(Throwable cause) {
    if (cause instanceof ConnectorException known) {
      return new Failure(
          "again",
          Redaction.of(known.getMessage()),
          Redaction.of(known.detail()),
          known.reached(),
          known.reached() && !known.answered());
    }
    if (cause instanceof Error error && !(error instanceof LinkageError)) {
      throw error;
    }
    String why = cause.getClass().getSimpleName() + ": " + Redaction.of(cause.getMessage());
    String failed = "the connector failed unexpectedly";
    return new Failure("again", failed, failed + ": " + why, true, false);
  }

  private static String word(Outcome outcome) {
    if (outcome instanceof Outcome.Done) {
      return "done";
    }
    if (outcome instanceof Outcome.Later) {
      return "later";
    }
    return outcome instanceof Outcome.Again ? "again" : "refused";
  }

  private void count(String verb, String result, long startNanos) {
    meter.called(kind(), verb, result, Duration.ofNanos(System.nanoTime() - startNanos));
  }
}

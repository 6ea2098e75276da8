package dev.curfew.policy;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One run of a condition on threads of its own, at most two seconds: what the counted limits let
 * through must not hold a request's thread.
 *
 * @param error why it could not be worked out; empty when it could
 */
record Trial(boolean holds, Optional<String> error) {

  private static final Duration LONGEST = Duration.ofSeconds(2);
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final ThreadPoolExecutor POOL = pool();

  private static ThreadPoolExecutor pool() {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            4,
            4,
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(1_000),
            work -> {
              Thread thread = new Thread(work, "curfew-rules-" + NUMBER.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  static Trial of(Condition condition, Facts facts) {
    Future<Boolean> running;
    try {
      running = POOL.submit(() -> condition.holds(facts));
    } catch (RejectedExecutionException e) {
      return failed("too many decisions at once");
    }
    try {
      return new Trial(running.get(LONGEST.toNanos(), TimeUnit.NANOSECONDS), Optional.empty());
    } catch (TimeoutException e) {
      running.cancel(true);
      return failed("it takes longer than 2 s");
    } catch (InterruptedException e) {
      running.cancel(true);
      Thread.currentThread().interrupt();
      return failed("the broker is stopping");
    } catch (ExecutionException e) {
      String why = e.getCause().getMessage();
      return failed(why == null ? e.getCause().getClass().getSimpleName() : why);
    }
  }

  private static Trial failed(String why) {
    return new Trial(false, Optional.of(why));
  }
}

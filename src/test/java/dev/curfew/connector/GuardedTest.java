package dev.curfew.connector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GuardedTest {

  private static final Handle HANDLE = new Handle("odd", "g", Map.of());
  private static final Endpoint ANYWHERE = new Endpoint("localhost", 1);
  private static final Target TARGET = new Target("odd-db", "odd", ANYWHERE, ANYWHERE, Map.of());
  private static final Plan PLAN = new Plan(HANDLE, List.of("an effect"));

  private final ExecutorService pool = Guarded.pool(1);
  private final ExecutorService looks = Guarded.pool(1);
  private final List<String> counted = new ArrayList<>();
  private final Odd odd = new Odd();
  private final Connector guarded =
      new Guarded(odd, pool, looks, (kind, verb, result, took) -> counted.add(verb + " " + result));

  /** A connector that does what the test says. */
  private static final class Odd implements Connector {
    private Supplier<Object> act = () -> new Outcome.Done(Receipt.NONE);

    @SuppressWarnings("unchecked")
    private <T> T act() {
      return (T) act.get();
    }

    @Override
    public String kind() {
      return "odd";
    }

    @Override
    public Profile profile() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Checked check(Target target, Limits limits) {
      return act();
    }

    @Override
    public Described describe(Target target, Entitlement entitlement, Limits limits) {
      return act();
    }

    @Override
    public Plan plan(Ask ask) {
      return act();
    }

    @Override
    public Outcome provision(Plan plan, Instant until, Limits limits) {
      return act();
    }

    @Override
    public Verdict verify(Handle handle, Receipt receipt, Limits limits) {
      return act();
    }

    @Override
    public Secret issue(Handle handle, Instant until, Limits limits) {
      return act();
    }

    @Override
    public Outcome revoke(Handle handle, Receipt receipt, Progress progress, Limits limits) {
      return act();
    }

    @Override
    public Stream<Found> sweep(Target target, String broker, Limits limits) {
      return act();
    }
  }

  @AfterEach
  void stop() {
    pool.shutdownNow();
    looks.shutdownNow();
  }

  @Test
  void whatWorksPassesThroughAndIsCounted() {
    assertInstanceOf(Outcome.Done.class, guarded.provision(PLAN, Instant.EPOCH, limits()));
    assertEquals(List.of("provision done"), counted);
  }

  @Test
  void whatNobodyForesawIsTriedAgainAndMayHaveHappened() {
    odd.act =
        () -> {
          throw new IllegalStateException("password=hunter2hunter2");
        };
    Outcome.Again again =
        assertInstanceOf(Outcome.Again.class, guarded.provision(PLAN, Instant.EPOCH, limits()));
    assertTrue(again.reached());
    assertFalse(again.why().contains("hunter2"), again.why());
    assertEquals(Presence.UNKNOWN, guarded.verify(HANDLE, Receipt.NONE, limits()).presence());
    assertThrows(ConnectorException.class, () -> guarded.issue(HANDLE, Instant.EPOCH, limits()));
  }

  @Test
  void aConnectorThatKnowsItNeverArrivedIsBelieved() {
    odd.act =
        () -> {
          throw new ConnectorException("orders-db did not answer", false);
        };
    Outcome.Again again =
        assertInstanceOf(Outcome.Again.class, guarded.provision(PLAN, Instant.EPOCH, limits()));
    assertFalse(again.reached());
    assertEquals("orders-db did not answer", again.why());
  }

  @Test
  void anAnswerThatWasLostIsNoAnswer() {
    odd.act =
        () -> {
          throw new ConnectorException("cut", "cut", true, true);
        };
    assertFalse(sweepFails().answered());
  }

  @Test
  void aNoIsAnAnswer() {
    odd.act =
        () -> {
          throw new ConnectorException("refused", true);
        };
    assertTrue(sweepFails().answered());
  }

  private ConnectorException sweepFails() {
    return assertThrows(ConnectorException.class, () -> guarded.sweep(TARGET, "b1", limits()));
  }

  @Test
  void theDeadlineIsKeptAndTheThreadInterrupted() throws Exception {
    CountDownLatch interrupted = new CountDownLatch(1);
    odd.act =
        () -> {
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            interrupted.countDown();
          }
          return null;
        };
    long start = System.nanoTime();
    Outcome.Again again =
        assertInstanceOf(
            Outcome.Again.class,
            guarded.revoke(
                HANDLE,
                Receipt.NONE,
                (step, receipt, facts) -> true,
                Limits.within(Duration.ofMillis(100))));
    assertTrue(Duration.ofNanos(System.nanoTime() - start).toMillis() < 3_000);
    assertTrue(again.reached());
    assertEquals(List.of("revoke late"), counted);
    interrupted.await();
  }

  @Test
  void aFullPoolSaysSoAtOnce() throws Exception {
    CountDownLatch leave = fill(pool);
    Outcome.Again again =
        assertInstanceOf(Outcome.Again.class, guarded.provision(PLAN, Instant.EPOCH, limits()));
    assertFalse(again.reached());
    assertEquals(List.of("provision busy"), counted);
    leave.countDown();
  }

  @Test
  void looksThatHangKeepNobodyFromWhatIsDoneForAGrant() throws Exception {
    CountDownLatch leave = fill(looks);
    assertFalse(sweepFails().answered());
    assertInstanceOf(Outcome.Done.class, guarded.provision(PLAN, Instant.EPOCH, limits()));
    leave.countDown();
  }

  private static CountDownLatch fill(ExecutorService pool) throws InterruptedException {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    pool.submit(
        () -> {
          inside.countDown();
          leave.await();
          return null;
        });
    inside.await();
    return leave;
  }

  @Test
  void aKindWithoutConnectorIsSaid() {
    Connectors connectors = new Connectors(List.of(guarded));
    assertEquals(guarded, connectors.of("odd"));
    assertTrue(
        assertThrows(ConnectorException.class, () -> connectors.of("even"))
            .getMessage()
            .contains("even"));
  }

  private static Limits limits() {
    return Limits.within(Duration.ofSeconds(10));
  }
}

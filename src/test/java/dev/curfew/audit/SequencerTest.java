package dev.curfew.audit;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.Clocks;
import dev.curfew.testing.Store;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(Store.class)
class SequencerTest {

  private static final Duration SOON = Duration.ofSeconds(20);

  @Inject Audit audit;
  @Inject Sequencer sequencer;
  @Inject Refusals refusals;
  @Inject Clocks clocks;
  @Inject DataSource store;

  @Test
  void numbersHaveNoGapUnderManyWritersAndTwoNodes() throws Exception {
    Sequencer otherNode = new Sequencer(store, clocks, refusals);
    int writers = 4;
    int each = 150;
    ExecutorService threads = Executors.newFixedThreadPool(writers + 1);
    try {
      List<Future<?>> work = new ArrayList<>();
      for (int i = 0; i < writers; i++) {
        work.add(threads.submit(() -> write(each)));
      }
      work.add(threads.submit((Callable<Void>) () -> number(otherNode, each)));
      for (Future<?> one : work) {
        one.get();
      }
    } finally {
      threads.shutdownNow();
    }
    await()
        .atMost(SOON)
        .until(() -> Histories.ask(store, "select count(*) from audit_outbox") == 0);
    long entries = Histories.ask(store, "select count(*) from audit_entry");
    assertEquals(entries, Histories.ask(store, "select count(*) from audit_index"));
    assertEquals(entries, Histories.ask(store, "select max(n) from audit_index"));
    assertEquals(1, Histories.ask(store, "select min(n) from audit_index"));
  }

  @Test
  void anEntryGetsItsNumberAMomentLater() {
    long before = sequencer.progress().n();
    Histories.record(audit, Entry.of(Kind.SIGNED_IN, Histories.person("Ada")));
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              Progress progress = sequencer.progress();
              assertTrue(progress.n() > before);
              assertEquals(0, progress.newer());
              assertEquals(Duration.ZERO, progress.lag());
            });
  }

  @Test
  void waitingLongerThanTenSecondsIsSaidAloud() {
    Progress fine = new Progress(7, clocks.now(), 3, Duration.ofSeconds(10));
    assertTrue(fine.warning().isEmpty());
    Progress late = new Progress(7, clocks.now(), 3, Duration.ofSeconds(95));
    assertTrue(late.warning().orElseThrow().contains("1 min 35 s"));
  }

  private void write(int count) {
    for (int i = 0; i < count; i++) {
      Histories.record(audit, Entry.of(Kind.SIGNED_IN, Histories.person("Writer " + i)));
    }
  }

  private static Void number(Sequencer node, int times) {
    for (int i = 0; i < times; i++) {
      node.numberBatch();
    }
    return null;
  }
}

package dev.curfew.grant;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.connector.Limits;
import dev.curfew.connector.Target;
import dev.curfew.connector.Witness;
import dev.curfew.testing.PaperConnector;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A target's server that was restored from a backup, or a copy of it at the target's address. */
@QuarkusTest
@TestProfile(OnPaper.class)
class TargetMemoryTest {

  private static final Target TARGET = Bench.target(Bench.TARGET);
  private static final String BROKER = OnPaper.ThisInstallation.BROKER;
  private static final String CLOSED =
      "select count(*) from audit_entry where kind = 'target-closed' and target like ?1";

  private final Bench bench;
  private final PaperConnector paper;
  private final Witnesses witnesses;
  private final TargetMemory memory;
  private final Standing standing;
  private final Reconciler reconciler;

  private Witness before;

  TargetMemoryTest(
      Bench bench,
      PaperConnector paper,
      Witnesses witnesses,
      TargetMemory memory,
      Standing standing,
      Reconciler reconciler) {
    this.bench = bench;
    this.paper = paper;
    this.witnesses = witnesses;
    this.memory = memory;
    this.standing = standing;
    this.reconciler = reconciler;
  }

  @BeforeEach
  @AfterEach
  void clear() {
    bench.clear();
  }

  @Test
  void whatIsMissingOnAServerThatWasPutBackIsNotProvenGoneAndNobodyElseIsLetIn() {
    String live = bench.handedOut();
    String ends = bench.handedOut();
    String open = bench.active();
    putBack(live, ends, open);
    long closed = bench.count(CLOSED, Bench.TARGET);

    bench.giveBack(ends);
    bench.workAgain();
    reconciler.reconcile(TARGET);
    assertEquals(GrantState.REVOKING, bench.state(ends), "it may be where it was made");
    assertEquals(GrantState.ACTIVE, bench.state(live), "nobody removed it");

    witnesses.look(TARGET);
    witnesses.look(TARGET);
    assertEquals(before, remembered(), "it is not told anew");
    assertTrue(standing.against(Bench.TARGET).orElseThrow().contains("remembers less of Curfew"));
    assertEquals(closed + 1, bench.count(CLOSED, Bench.TARGET), "told once");
    String planned = bench.planned();
    bench.workAgain();
    assertEquals(GrantState.PLANNED, bench.state(planned));
    refused(Fault.TARGET_CLOSED, () -> bench.pickUp(open));
  }

  @Test
  void whenTheRightServerAnswersAgainEverythingGoesOn() {
    String live = bench.handedOut();
    String ends = bench.handedOut();
    Witness now = putBack(ends);
    bench.giveBack(ends);
    witnesses.look(TARGET);
    bench.workAgain();
    assertEquals(GrantState.REVOKING, bench.state(ends));

    remember(now);
    bench.workAgain();
    assertEquals(GrantState.ENDED, bench.state(ends));
    witnesses.look(TARGET);
    assertTrue(standing.against(Bench.TARGET).isEmpty());
    bench.giveBack(live);
    bench.workAgain();
    assertEquals(GrantState.ENDED, bench.state(live));
  }

  @Test
  void whatIsMissingOnAServerThatAnAdministratorAcceptedIsGone() {
    String live = bench.handedOut();
    String ends = bench.handedOut();
    putBack(live, ends);
    bench.giveBack(ends);
    refused(Fault.WRONG_STATE, this::accept);
    witnesses.look(TARGET);
    accept();
    assertTrue(standing.against(Bench.TARGET).isEmpty());
    bench.workAgain();
    assertEquals(GrantState.ENDED, bench.state(ends));
    reconciler.reconcile(TARGET);
    assertEquals(EndReason.DRIFT, bench.view(live).endReason());
    witnesses.look(TARGET);
    assertTrue(remembered().n() > before.n(), "it is told anew");
    assertTrue(standing.against(Bench.TARGET).isEmpty());
  }

  @Test
  void aServerThatRemembersNothingAnyMoreWasPutBackToo() {
    String live = bench.handedOut();
    witnesses.look(TARGET);
    paper.remove(live);
    paper.forget(TARGET);
    witnesses.look(TARGET);
    assertTrue(standing.against(Bench.TARGET).isPresent());
    reconciler.reconcile(TARGET);
    assertEquals(GrantState.ACTIVE, bench.state(live));
  }

  /** The server as it was before these were made; answers what the right one remembers. */
  private Witness putBack(String... made) {
    witnesses.look(TARGET);
    before = remembered();
    bench.giveBack(bench.handedOut()); // the history goes on
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> bench.count("select count(*) from audit_outbox where entry_id like ?1", "") == 0);
    witnesses.look(TARGET);
    Witness now = remembered();
    assertTrue(now.n() > before.n());
    List.of(made).forEach(paper::remove);
    remember(before);
    return now;
  }

  private void accept() {
    memory.accept(Bench.ADMIN, Bench.TARGET, "", Bench.PROOF);
  }

  private void remember(Witness witness) {
    paper.witness(TARGET, BROKER, witness, Limits.within(Duration.ofSeconds(1)));
  }

  private Witness remembered() {
    return paper.witness(TARGET, BROKER, Limits.within(Duration.ofSeconds(1))).orElseThrow();
  }

  private static void refused(Fault fault, Runnable act) {
    assertEquals(fault, assertThrows(CurfewException.class, act::run).fault());
  }
}

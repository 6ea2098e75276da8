package dev.curfew.grant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.Clocks;
import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.connector.Outcome;
import dev.curfew.connector.Receipt;
import dev.curfew.connector.Step;
import dev.curfew.connector.Verdict;
import dev.curfew.testing.PaperConnector;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Effects need the lease, decisions do not: who comes late writes nothing and opens nothing. */
@QuarkusTest
@TestProfile(OnPaper.class)
class FenceTest {

  private static final Verdict GONE = Verdict.absent(List.of("nothing there"));

  private final Bench bench;
  private final PaperConnector paper;
  private final Queue queue;
  private final Settlement settlement;
  private final Pickup pickup;
  private final Clocks clocks;

  FenceTest(
      Bench bench,
      PaperConnector paper,
      Queue queue,
      Settlement settlement,
      Pickup pickup,
      Clocks clocks) {
    this.clocks = clocks;
    this.bench = bench;
    this.paper = paper;
    this.queue = queue;
    this.settlement = settlement;
    this.pickup = pickup;
  }

  @BeforeEach
  void clear() {
    bench.clear();
  }

  @Test
  void oneDueCallIsClaimedOnce() {
    String id = bench.planned();
    assertEquals(1, queue.claim(Queue.Work.PROVISION, "first", 10).size());
    assertEquals(0, queue.claim(Queue.Work.PROVISION, "second", 10).size());
    assertEquals(GrantState.PLANNED, bench.state(id));
  }

  @Test
  void aLateResultAfterATakeoverWritesNothing() {
    String id = bench.planned();
    Claim slow = queue.claim(Queue.Work.PROVISION, "slow", 1).get(0);
    settlement.beginProvision(slow);
    bench.loseLease(id);
    Claim quick = queue.claim(Queue.Work.PROVISION, "quick", 1).get(0);
    settlement.beginProvision(quick);
    assertTrue(settlement.provisioned(quick, new Outcome.Done(Receipt.NONE)));

    assertFalse(settlement.provisioned(slow, new Outcome.Refused("too late")));
    assertEquals(GrantState.ACTIVE, bench.state(id));
    assertEquals(1, bench.history(id).stream().filter("grant-provisioned"::equals).count());
  }

  @Test
  void whatANodeStillWroteByATimeThatWasTakenBackDoesNotWaitForIt() {
    queue.mendTimes();
    String id = bench.planned();
    queue.claim(Queue.Work.PROVISION, "behind the times", 10);
    bench.sql(
        "update access_grant set next_at = clock_timestamp() + interval '1 hour',"
            + " lease_until = clock_timestamp() + interval '1 hour' where id = ?1",
        id);
    assertEquals(0, queue.mendTimes(), "no clock was accepted");
    bench.sql("update store_clock set accepted = accepted + ?1", 1);
    clocks.refresh();

    assertEquals(1, queue.mendTimes());
    bench.loseLease(id); // a whole lease later
    assertEquals(1, queue.claim(Queue.Work.PROVISION, "first", 10).size());
  }

  @Test
  void aLateStepAfterATakeoverStopsTheCallThatReportsIt() {
    String id = bench.handedOut();
    bench.giveBack(id);
    Claim slow = queue.claim(Queue.Work.REVOKE, "slow", 1).get(0);
    bench.loseLease(id);
    Claim quick = queue.claim(Queue.Work.REVOKE, "quick", 1).get(0);

    assertFalse(settlement.stepped(slow, Step.BLOCK, Receipt.NONE, List.of("blocked")));
    assertFalse(settlement.verified(slow, GONE));
    assertEquals(GrantState.REVOKING, bench.state(id));
    assertTrue(settlement.stepped(quick, Step.BLOCK, Receipt.NONE, List.of("blocked")));
  }

  @Test
  void aStepReportedAfterItsCallWasGivenUpIsRefused() {
    String id = bench.handedOut();
    bench.giveBack(id);
    Claim claim = queue.claim(Queue.Work.REVOKE, "slow", 1).get(0);
    settlement.revokeWaits(claim, new Outcome.Again(Duration.ZERO, "it took too long", true));
    assertFalse(settlement.stepped(claim, Step.BLOCK, Receipt.NONE, List.of("blocked")));
  }

  @Test
  void aRenewedLeaseIsNotTakenOver() {
    bench.planned();
    Claim held = queue.claim(Queue.Work.PROVISION, "first", 1).get(0);
    bench.loseLease(held.grant());
    queue.renew(List.of(held));
    assertEquals(0, queue.claim(Queue.Work.PROVISION, "second", 1).size());
  }

  @Test
  void aLeaseThatOthersTookIsNotRenewed() {
    String id = bench.planned();
    Claim lost = queue.claim(Queue.Work.PROVISION, "first", 1).get(0);
    bench.loseLease(id);
    Claim taken = queue.claim(Queue.Work.PROVISION, "second", 1).get(0);
    bench.loseLease(id);
    queue.renew(List.of(lost));
    assertEquals(1, queue.claim(Queue.Work.PROVISION, "third", 1).size());
    assertTrue(taken.fence() > lost.fence());
  }

  @Test
  void aRevokeDuringAProvisionBeginsAtOnceAndTheLateProvisionWritesNothing() {
    String id = bench.planned();
    Claim claim = queue.claim(Queue.Work.PROVISION, "slow", 1).get(0);
    settlement.beginProvision(claim);
    bench.giveBack(id);
    bench.workOnce();
    assertEquals(GrantState.ENDED, bench.state(id));
    assertFalse(settlement.provisioned(claim, new Outcome.Done(Receipt.NONE)));
    assertEquals(GrantState.ENDED, bench.state(id));
  }

  @Test
  void aPickUpStalledAcrossARevokeOpensNothing() throws Exception {
    String id = bench.active();
    PaperConnector.Stall stall = paper.stall("issue", id);
    CompletableFuture<Handover> asked = CompletableFuture.supplyAsync(() -> bench.pickUp(id));
    stall.awaitEntered();

    bench.giveBack(id);
    bench.workOnce();
    assertEquals(GrantState.ENDED, bench.state(id));

    stall.release();
    CurfewException no = refusalOf(asked);
    assertEquals(Fault.TARGET_UNAVAILABLE, no.fault());
    assertTrue(paper.account(id).isEmpty());
    assertEquals(GrantState.ENDED, bench.state(id));
  }

  @Test
  void aSecretMadeJustBeforeAGiveBackIsNotShown() throws Exception {
    String id = bench.active();
    PaperConnector.Stall stall = paper.stall("issue", id);
    CompletableFuture<Handover> asked = CompletableFuture.supplyAsync(() -> bench.pickUp(id));
    stall.awaitEntered();

    bench.giveBack(id);
    stall.release();
    CurfewException no = refusalOf(asked);
    assertEquals(Fault.PICKUP_IN_PROGRESS, no.fault());
    assertFalse(bench.history(id).contains("secret-shown"));
    assertTrue(bench.history(id).contains("secret-withheld"));
    bench.workOnce();
    assertEquals(GrantState.ENDED, bench.state(id));
  }

  @Test
  void twoPickUpsAtOnceGiveOneSecretAndOnePlaceInTheQueue() throws Exception {
    String id = bench.active();
    PaperConnector.Stall stall = paper.stall("issue", id);
    CompletableFuture<Handover> first = CompletableFuture.supplyAsync(() -> bench.pickUp(id));
    stall.awaitEntered();

    CurfewException wait = assertThrows(CurfewException.class, () -> pickup.ready(id));
    assertEquals(Fault.PICKUP_IN_PROGRESS, wait.fault());
    assertTrue(wait.retryAfter().isPresent());
    stall.release();
    assertEquals(2, first.get().lines().size());
    assertEquals(1, paper.calls("issue", id));
  }

  @Test
  void aPickUpWhoseProcessDiedIsAskedForAgain() {
    String id = bench.active();
    bench.sql(
        """
        update access_grant set lease_owner = 'dead', fence = fence + 1,
          lease_until = clock_timestamp() + interval '15 s', issuing_at = clock_timestamp()
        where id = ?1
        """,
        id);
    assertThrows(CurfewException.class, () -> bench.pickUp(id));
    bench.loseLease(id);
    bench.pickUp(id);
  }

  private static CurfewException refusalOf(CompletableFuture<?> asked) throws InterruptedException {
    try {
      asked.get();
    } catch (ExecutionException e) {
      return (CurfewException) e.getCause();
    }
    throw new AssertionError("it was answered");
  }
}

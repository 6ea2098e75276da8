package dev.curfew.grant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.connector.Step;
import dev.curfew.identity.Caller;
import dev.curfew.testing.PaperConnector;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Targets that are down, refuse, or cannot be looked at. */
@QuarkusTest
@TestProfile(OnPaper.class)
class GrantTroubleTest {

  private static final int ATTEMPTS_TO_STUCK = 5;

  private final Bench bench;
  private final PaperConnector paper;
  private final GrantFlow flow;
  private final Grants grants;
  private final GrantGauges gauges;
  private final Queue queue;

  GrantTroubleTest(
      Bench bench,
      PaperConnector paper,
      GrantFlow flow,
      Grants grants,
      GrantGauges gauges,
      Queue queue) {
    this.bench = bench;
    this.paper = paper;
    this.flow = flow;
    this.grants = grants;
    this.gauges = gauges;
    this.queue = queue;
  }

  @BeforeEach
  void clear() {
    bench.clear();
  }

  @Test
  void aTargetThatNeverAnsweredLeavesNothingToProve() {
    paper.down(Bench.TARGET);
    String id = bench.planned();
    bench.workOnce();
    GrantView waiting = bench.view(id);
    assertEquals(GrantState.PLANNED, waiting.state());
    assertEquals("orders-db did not answer", waiting.problem());
    assertTrue(waiting.nextTryAt().isAfter(waiting.createdAt()));

    bench.makeDue(id);
    bench.workOnce();
    assertEquals(GrantState.CANCELLED, bench.state(id));
    assertEquals("nothing was handed out; orders-db did not answer", bench.view(id).endNote());
    assertEquals(EndReason.UNCLAIMED, bench.view(id).endReason());
  }

  @Test
  void aCallOfUnknownFateIsNeverCancelled() {
    String id = bench.planned();
    queue.claim(Queue.Work.PROVISION, "one who dies", 1);
    bench.begin(id);
    bench.loseLease(id);
    paper.down(Bench.TARGET);
    bench.workOnce();
    assertEquals(GrantState.PROVISIONING, bench.state(id), "the dead one may have reached it");
    bench.makeDue(id);
    bench.workOnce();
    assertEquals(GrantState.REVOKING, bench.state(id));
  }

  @Test
  void aTargetThatIsDownAtTheEndIsToldAsSoonAsItAnswers() {
    String id = bench.handedOut();
    paper.down(Bench.TARGET);
    bench.giveBack(id);
    bench.workOnce();
    GrantView waiting = bench.view(id);
    assertEquals(GrantState.REVOKING, waiting.state());
    assertEquals("orders-db did not answer", waiting.problem());

    paper.up(Bench.TARGET);
    assertEquals(1, queue.waiting().size());
    assertEquals(1, queue.wake(Bench.TARGET));
    bench.workOnce();
    assertEquals(GrantState.ENDED, bench.state(id));
  }

  @Test
  void goneIsWrittenOnlyAfterALookSaidSo() {
    String id = bench.handedOut();
    paper.hide(Bench.TARGET);
    bench.giveBack(id);
    bench.workOnce();
    GrantView unproven = bench.view(id);
    assertEquals(GrantState.REVOKING, unproven.state());
    assertNull(unproven.verifiedAt());
    assertTrue(unproven.problem().startsWith("it could not be proven gone"), unproven.problem());

    paper.mend(Bench.TARGET);
    bench.workAgain();
    assertEquals(GrantState.ENDED, bench.state(id));
  }

  @Test
  void aGrantThatMayStillBeLiveIsRedAndClosesItsTarget() {
    String id = bench.handedOut();
    paper.down(Bench.TARGET);
    bench.giveBack(id);
    workUntilStuck();

    GrantView stuck = bench.view(id);
    assertEquals(GrantState.STUCK, stuck.state());
    assertTrue(stuck.stuckLive());
    assertTrue(grants.closed(Bench.TARGET).isPresent());
    GrantGauges.AtTarget figures = gauges.read().at(Bench.TARGET);
    assertEquals(1, figures.stuckLive());
    assertEquals(0, figures.stuckLeftover());
    assertTrue(figures.stuckLiveFor().compareTo(Duration.ZERO) > 0);
    assertEquals(0, figures.overstaying());
    assertEquals(figures.stuckLiveFor(), figures.overdue());
    assertEquals(figures.stuckLiveFor(), figures.overdueLive());

    String next = bench.planned();
    paper.up(Bench.TARGET);
    bench.provisionOnly();
    assertEquals(GrantState.PLANNED, bench.state(next));
    assertEquals(0, paper.calls("provision", next));

    bench.workAgain();
    assertEquals(GrantState.ENDED, bench.state(id));
    bench.workAgain();
    assertEquals(GrantState.ACTIVE, bench.state(next));
    assertTrue(grants.closed(Bench.TARGET).isEmpty());
  }

  @Test
  void whatIsOnlyLeftOverIsAmberAndLeavesTheTargetOpen() {
    String id = bench.handedOut();
    paper.failAt(Bench.TARGET, Step.CLEAN);
    bench.giveBack(id);
    workUntilStuck();

    GrantView stuck = bench.view(id);
    assertTrue(stuck.stuckLeftover());
    assertFalse(stuck.stuckLive());
    assertTrue(grants.closed(Bench.TARGET).isEmpty());
    GrantGauges.AtTarget figures = gauges.read().at(Bench.TARGET);
    assertEquals(1, figures.stuckLeftover());
    assertTrue(figures.overdue().compareTo(Duration.ZERO) > 0, "it is not proven gone");
    assertEquals(Duration.ZERO, figures.overdueLive(), "nobody is inside");
  }

  @Test
  void aSessionSeenAfterAllWereEndedIsLiveAgainAndIsEndedAgain() {
    String id = bench.handedOut();
    paper.letInLate(Bench.TARGET);
    bench.giveBack(id);
    bench.workOnce();

    GrantView seen = bench.view(id);
    assertNull(seen.deadAt());
    assertEquals("BLOCK", seen.revokeStep(), "ending its sessions is still to do");
    assertTrue(seen.problem().contains("a session of it is open"), seen.problem());

    workUntilStuck();
    assertTrue(bench.view(id).stuckLive());
    assertTrue(grants.closed(Bench.TARGET).isPresent());
    assertTrue(bench.entry(id, "grant-stuck").contains("\"live\":true"));
    assertTrue(bench.entry(id, "grant-revoke-waits").contains("\"live\":true"));

    paper.mend(Bench.TARGET);
    bench.workAgain();
    assertEquals(GrantState.ENDED, bench.state(id));
    assertTrue(
        Collections.frequency(bench.history(id), "grant-revoke-step") > 3,
        "each time that sessions were ended is on record");
  }

  @Test
  void whatCannotBeLookedAtAfterItsSessionsWereEndedMayBeLive() {
    String id = bench.handedOut();
    paper.hide(Bench.TARGET);
    bench.giveBack(id);
    workUntilStuck();
    assertTrue(bench.view(id).stuckLive());
    assertTrue(grants.closed(Bench.TARGET).isPresent());
  }

  @Test
  void aLeftoverThatIsSeenToBeLiveTurnsRedAndSaysSo() {
    String id = bench.handedOut();
    paper.failAt(Bench.TARGET, Step.CLEAN);
    bench.giveBack(id);
    workUntilStuck();
    assertFalse(bench.view(id).stuckLive());

    paper.mend(Bench.TARGET);
    paper.letInLate(Bench.TARGET);
    bench.workAgain();
    bench.workAgain();
    assertTrue(bench.view(id).stuckLive());
    assertEquals(2, Collections.frequency(bench.history(id), "grant-stuck"));
    assertTrue(bench.entry(id, "grant-stuck").contains("\"live\":true"));
  }

  @Test
  void aTargetStaysClosedThroughEveryRetryWhileSomebodyIsInside() {
    String id = bench.handedOut();
    paper.letInLate(Bench.TARGET);
    bench.giveBack(id);
    workUntilStuck();

    List<String> moments = moments(id);
    workUntilStuck();
    assertEquals(4 * ATTEMPTS_TO_STUCK, moments.size(), "after each step and before each look");
    assertEquals(Set.of("closed, live, no end of sessions told"), Set.copyOf(moments));
    assertEquals(1, Collections.frequency(bench.history(id), "grant-stuck"), "told once");

    paper.mend(Bench.TARGET);
    bench.workAgain();
    assertEquals(GrantState.ENDED, bench.state(id));
    assertNotNull(bench.view(id).deadAt());
    assertTrue(grants.closed(Bench.TARGET).isEmpty());
  }

  @Test
  void aTargetThatAnswersAgainStaysClosedUntilALookRulesOutThatSomebodyIsInside() {
    String id = bench.handedOut();
    paper.down(Bench.TARGET);
    bench.giveBack(id);
    workUntilStuck();

    paper.up(Bench.TARGET);
    paper.letInLate(Bench.TARGET);
    List<String> moments = moments(id);
    bench.workAgain();
    assertEquals(Set.of("closed, live, no end of sessions told"), Set.copyOf(moments));
  }

  @Test
  void whoWasSeenInsideAndIsGoneHoldsTheTargetNoLongerThoughSomethingIsLeftOver() {
    String id = bench.handedOut();
    paper.failAt(Bench.TARGET, Step.CLEAN);
    paper.letInLate(Bench.TARGET);
    paper.down(Bench.TARGET);
    bench.giveBack(id);
    workUntilStuck();
    paper.up(Bench.TARGET);
    bench.workAgain();
    assertTrue(bench.view(id).stuckLive());

    paper.mend(Bench.TARGET);
    paper.failAt(Bench.TARGET, Step.CLEAN);
    bench.workAgain();
    assertTrue(bench.view(id).stuckLeftover());
    assertTrue(grants.closed(Bench.TARGET).isEmpty());
  }

  @Test
  void whatWasNeverHandedOutIsNeverRed() {
    String id = bench.active();
    paper.down(Bench.TARGET);
    bench.giveBack(id);
    workUntilStuck();
    assertTrue(bench.view(id).stuckLeftover());
  }

  @Test
  void oneByOneTheSameIsEndedAsAllAtOnce() {
    String due = bench.active();
    String running = bench.active();
    bench.makeDue(due);
    assertEquals(List.of(due), flow.due());
    flow.endDue(running);
    flow.endDue(due);
    flow.endDue(due);
    assertEquals(GrantState.ACTIVE, bench.state(running));
    assertEquals(GrantState.REVOKING, bench.state(due));
    assertEquals(1, Collections.frequency(bench.history(due), "grant-ending"));
    assertEquals(List.of(), flow.due());
  }

  @Test
  void whatTakesTooLongIsStuckWithoutAnyCall() {
    String id = bench.handedOut();
    bench.giveBack(id);
    assertEquals(0, flow.markStuck());
    bench.sql("update access_grant set ending_at = ending_at - interval '61 s' where id = ?1", id);
    assertEquals(1, flow.markStuck());
    assertTrue(bench.view(id).stuckLive());
    bench.workOnce();
    assertEquals(GrantState.ENDED, bench.state(id));
  }

  @Test
  void itIsTriedForEverAndToldOnlyAsLongAsThatIsNews() {
    String id = bench.handedOut();
    paper.down(Bench.TARGET);
    bench.giveBack(id);
    for (int i = 0; i < 20; i++) {
      bench.workAgain();
    }
    assertEquals(20, paper.calls("revoke", id));
    assertEquals(5, Collections.frequency(bench.history(id), "grant-revoke-waits"));
    assertEquals(1, Collections.frequency(bench.history(id), "grant-stuck"));
  }

  @Test
  void stepsAreOnRecordOnceHoweverOftenTheyAreRepeated() {
    String id = bench.handedOut();
    paper.failAt(Bench.TARGET, Step.CLEAN);
    bench.giveBack(id);
    bench.workAgain();
    var blocked = bench.view(id).blockedAt();
    bench.workAgain();
    bench.workAgain();
    assertEquals(blocked, bench.view(id).blockedAt());
    assertEquals(2, Collections.frequency(bench.history(id), "grant-revoke-step"));
  }

  @Test
  void anotherAdministratorMayAttestAndTheirNameStands() {
    String id = bench.handedOut();
    paper.down(Bench.TARGET);
    bench.giveBack(id);
    workUntilStuck();

    refused(
        Fault.NOT_ALLOWED,
        () -> flow.attest(Bench.person("bob", Set.of()), id, "gone", Bench.PROOF));
    refused(Fault.NOT_ALLOWED, () -> flow.attest(ownAdministrator(), id, "gone", Bench.PROOF));
    refused(Fault.INVALID, () -> flow.attest(Bench.ADMIN, id, " ", Bench.PROOF));

    flow.attest(Bench.ADMIN, id, "the server was scrapped", Bench.PROOF);
    GrantView over = bench.view(id);
    assertEquals(GrantState.ENDED, over.state());
    assertEquals(EndReason.ATTESTED, over.endReason());
    assertEquals("ada", over.endedBy());
    assertEquals(List.of(), over.proof());
    assertNull(over.verifiedAt());
    assertTrue(bench.entry(id, "grant-attested").contains("\"proof_id\":\"proof-4711\""));
    assertTrue(grants.closed(Bench.TARGET).isEmpty());
  }

  private static Caller ownAdministrator() {
    return Bench.person("alice", Bench.ADMIN.groups());
  }

  private static void refused(Fault fault, Runnable act) {
    assertEquals(fault, assertThrows(CurfewException.class, act::run).fault());
  }

  /** What everybody sees at each moment of the revocations to come. */
  private List<String> moments(String id) {
    List<String> moments = new ArrayList<>();
    paper.watch(
        () -> {
          GrantView seen = bench.view(id);
          moments.add(
              (grants.closed(Bench.TARGET).isPresent() ? "closed" : "open")
                  + (seen.stuckLive() && gauges.read().stuckLive() == 1 ? ", live" : ", left over")
                  + (seen.deadAt() == null ? ", no end" : ", the end")
                  + " of sessions told");
        });
    return moments;
  }

  private void workUntilStuck() {
    for (int i = 0; i < ATTEMPTS_TO_STUCK; i++) {
      bench.workAgain();
    }
  }
}

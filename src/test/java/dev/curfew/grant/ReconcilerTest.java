package dev.curfew.grant;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.Clocks;
import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.Ids;
import dev.curfew.connector.Mark;
import dev.curfew.connector.Step;
import dev.curfew.connector.Target;
import dev.curfew.testing.PaperConnector;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(OnPaper.class)
class ReconcilerTest {

  private static final Target TARGET = Bench.target(Bench.TARGET);

  private final Bench bench;
  private final PaperConnector paper;
  private final Reconciler reconciler;
  private final GrantFlow flow;
  private final Clocks clocks;

  ReconcilerTest(
      Bench bench, PaperConnector paper, Reconciler reconciler, GrantFlow flow, Clocks clocks) {
    this.bench = bench;
    this.paper = paper;
    this.reconciler = reconciler;
    this.flow = flow;
    this.clocks = clocks;
  }

  @BeforeEach
  void clear() {
    bench.clear();
  }

  @Test
  void whatIsFoundAndLiveIsLeft() {
    String id = bench.handedOut();
    reconciler.reconcile(TARGET);
    assertEquals(GrantState.ACTIVE, bench.state(id));
    assertEquals(List.of(), reconciler.findings());
  }

  @Test
  void whatSomebodyElseRemovedIsDrift() {
    String id = bench.handedOut();
    paper.remove(id);
    reconciler.reconcile(TARGET);
    assertEquals(GrantState.REVOKING, bench.state(id));
    bench.workOnce();
    assertEquals(EndReason.DRIFT, bench.view(id).endReason());
    assertEquals(GrantState.ENDED, bench.state(id));
    assertTrue(bench.history(id).contains("grant-drifted"));
  }

  @Test
  void whatCannotBeSeenIsNotDrift() {
    String id = bench.handedOut();
    paper.remove(id);
    paper.hide(Bench.TARGET);
    reconciler.reconcile(TARGET);
    assertEquals(GrantState.ACTIVE, bench.state(id));
  }

  @Test
  void whatComesBackAfterItsEndIsTakenAwayAgainAndKeepsItsReason() {
    String id = over();
    PaperConnector.Account restored = paper.appear(TARGET, ours(id, clocks.now()), true);
    assertTrue(restored.logIn("restored"));

    reconciler.reconcile(TARGET);
    GrantView again = bench.view(id);
    assertEquals(GrantState.REVOKING, again.state());
    assertEquals(EndReason.GIVEN_BACK, again.endReason());
    assertTrue(again.aliveAgain());

    bench.workOnce();
    assertEquals(GrantState.ENDED, bench.state(id));
    assertEquals(0, restored.sessions());
    assertTrue(paper.account(id).isEmpty());
    assertTrue(bench.history(id).contains("grant-found-alive"));
  }

  @Test
  void whatComesBackAndCanBeEnteredIsRedWhenItIsStuck() {
    String id = over();
    paper.appear(TARGET, ours(id, clocks.now()), true);
    reconciler.reconcile(TARGET);
    paper.down(Bench.TARGET);
    for (int i = 0; i < 5; i++) {
      bench.workAgain();
    }
    assertTrue(bench.view(id).stuckLive());
  }

  @Test
  void whatComesBackAndCannotBeEnteredIsAmber() {
    String id = over();
    paper.appear(TARGET, ours(id, clocks.now()), false);
    reconciler.reconcile(TARGET);
    paper.down(Bench.TARGET);
    for (int i = 0; i < 5; i++) {
      bench.workAgain();
    }
    assertTrue(bench.view(id).stuckLeftover());
  }

  @Test
  void whatComesBackAndCannotBeEnteredIsNotLate() {
    String id = over();
    paper.appear(TARGET, ours(id, clocks.now()), false);
    reconciler.reconcile(TARGET);
    bench.workOnce();
    assertEquals(GrantState.ENDED, bench.state(id));
    String ended = bench.entry(id, "grant-ended");
    assertTrue(ended.contains("\"late_millis\":0,"), ended);
  }

  @Test
  void anAttestedEndIsOpenedAgainWhileOurMarkIsSeen() {
    String id = bench.handedOut();
    paper.down(Bench.TARGET);
    bench.giveBack(id);
    for (int i = 0; i < 5; i++) {
      bench.workAgain();
    }
    flow.attest(Bench.ADMIN, id, "the server was scrapped", Bench.PROOF);
    paper.up(Bench.TARGET);
    reconciler.reconcile(TARGET);
    assertEquals(GrantState.REVOKING, bench.state(id));
    assertEquals(EndReason.ATTESTED, bench.view(id).endReason());
  }

  @Test
  void anOrphanPastItsEndIsTakenAwayWhenTheGraceIsOver() {
    String stranger = Ids.next();
    paper.appear(TARGET, ours(stranger, clocks.now().minus(Duration.ofHours(1))), true);

    reconciler.reconcile(TARGET);
    assertTrue(paper.account(stranger).isPresent(), "it may be younger than a store that lags");
    assertEquals(FindingView.Kind.ORPHAN, reconciler.findings().get(0).kind());

    bench.sql("update grant_finding set first_seen_at = first_seen_at - interval '11 min'");
    reconciler.reconcile(TARGET);
    assertTrue(paper.account(stranger).isEmpty());
    assertEquals(List.of(), reconciler.findings());
  }

  @Test
  void ofManyOrphansSeveralAreTakenAwayAtOnceAndOneThatHangsHoldsUpNoOther() throws Exception {
    List<String> strangers = Stream.generate(Ids::next).limit(40).toList();
    Instant past = clocks.now().minus(Duration.ofHours(1));
    strangers.forEach(each -> paper.appear(TARGET, ours(each, past), true));
    reconciler.reconcile(TARGET);
    bench.sql("update grant_finding set first_seen_at = first_seen_at - interval '11 min'");
    PaperConnector.Stall hangs = paper.stall("revoke", strangers.get(0));
    CompletableFuture<Boolean> look =
        CompletableFuture.supplyAsync(() -> reconciler.reconcile(TARGET));
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> strangers.stream().filter(each -> paper.account(each).isPresent()).count() == 1);
    assertFalse(look.isDone());
    hangs.release();
    assertTrue(look.get(30, TimeUnit.SECONDS), "there was time for all");
    assertEquals(List.of(), reconciler.findings());
  }

  @Test
  void anOrphanWhoseEndIsToComeWaitsForAnAdministrator() {
    String stranger = Ids.next();
    paper.appear(TARGET, ours(stranger, clocks.now().plus(Duration.ofHours(1))), true);
    reconciler.reconcile(TARGET);
    bench.sql("update grant_finding set first_seen_at = first_seen_at - interval '11 min'");
    reconciler.reconcile(TARGET);
    assertTrue(paper.account(stranger).isPresent());

    FindingView finding = reconciler.findings().get(0);
    refused(Fault.NOT_ALLOWED, () -> reconciler.release(Bench.ALICE, finding.id(), Bench.PROOF));
    reconciler.release(Bench.ADMIN, finding.id(), Bench.PROOF);
    reconciler.reconcile(TARGET);
    assertTrue(paper.account(stranger).isEmpty());
  }

  @Test
  void anOrphanThatCannotBeTakenAwayStaysListedWithTheReason() {
    String stranger = Ids.next();
    paper.appear(TARGET, ours(stranger, clocks.now().plus(Duration.ofHours(1))), true);
    reconciler.reconcile(TARGET);
    String finding = reconciler.findings().get(0).id();
    reconciler.release(Bench.ADMIN, finding, Bench.PROOF);
    paper.failAt(Bench.TARGET, Step.CLEAN);
    reconciler.reconcile(TARGET);
    assertTrue(reconciler.findings().get(0).words().contains("refused to CLEAN"));

    // it was blocked, and so has another name by now: it is the same one
    reconciler.reconcile(TARGET);
    assertEquals(List.of(finding), reconciler.findings().stream().map(FindingView::id).toList());
    paper.mend(Bench.TARGET);
    reconciler.reconcile(TARGET);
    assertEquals(List.of(), reconciler.findings());
    assertEquals(
        List.of("orphan-found", "orphan-released", "orphan-revoked"),
        bench.historyOfPrincipal(stranger));
  }

  @Test
  void whatIsForeignOrUnreadableIsReportedAndNeverTouched() {
    String foreign = Ids.next();
    String unreadable = Ids.next();
    Instant past = clocks.now().minus(Duration.ofHours(1));
    String broker = OnPaper.ThisInstallation.BROKER;
    paper.appear(TARGET, new Mark("another-installation", broker, foreign, past), true);
    paper.appear(TARGET, new Mark("", broker, unreadable, past), true);

    reconciler.reconcile(TARGET);
    bench.sql("update grant_finding set first_seen_at = first_seen_at - interval '11 min'");
    reconciler.reconcile(TARGET);

    assertTrue(paper.account(foreign).isPresent());
    assertTrue(paper.account(unreadable).isPresent());
    assertEquals(2, reconciler.findings().size());
    for (FindingView finding : reconciler.findings()) {
      refused(Fault.WRONG_STATE, () -> reconciler.release(Bench.ADMIN, finding.id(), Bench.PROOF));
    }
  }

  @Test
  void theMarksOfAnotherBrokerAreItsOwnBusiness() {
    Instant past = clocks.now().minus(Duration.ofHours(1));
    paper.appear(TARGET, new Mark("elsewhere", "zz", Ids.next(), past), true);
    reconciler.reconcile(TARGET);
    assertEquals(List.of(), reconciler.findings());
  }

  @Test
  void whatIsGoneByItselfIsNoLongerListedAndTheHistorySaysSoOnce() {
    String stranger = Ids.next();
    paper.appear(TARGET, ours(stranger, clocks.now()), true);
    reconciler.reconcile(TARGET);
    assertFalse(reconciler.findings().isEmpty());
    paper.remove(stranger);
    reconciler.reconcile(TARGET);
    reconciler.reconcile(TARGET);
    assertEquals(List.of(), reconciler.findings());
    assertEquals(List.of("orphan-found", "orphan-gone"), bench.historyOfPrincipal(stranger));
  }

  private String over() {
    String id = bench.handedOut();
    bench.giveBack(id);
    bench.workOnce();
    assertEquals(GrantState.ENDED, bench.state(id));
    return id;
  }

  private static Mark ours(String grant, Instant until) {
    return new Mark(OnPaper.ThisInstallation.ID, OnPaper.ThisInstallation.BROKER, grant, until);
  }

  private static void refused(Fault fault, Runnable act) {
    assertEquals(fault, assertThrows(CurfewException.class, act::run).fault());
  }
}

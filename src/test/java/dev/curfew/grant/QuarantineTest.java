package dev.curfew.grant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.Clocks;
import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.Ids;
import dev.curfew.connector.Found;
import dev.curfew.connector.Handle;
import dev.curfew.connector.Limits;
import dev.curfew.connector.Mark;
import dev.curfew.connector.Target;
import dev.curfew.connector.Witness;
import dev.curfew.grant.DifferenceView.Choice;
import dev.curfew.grant.DifferenceView.Kind;
import dev.curfew.testing.PaperConnector;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The table of {@link Quarantine}, line by line. */
@QuarkusTest
@TestProfile(OnPaper.class)
class QuarantineTest {

  private static final Target TARGET = Bench.target(Bench.TARGET);
  private static final String BROKER = OnPaper.ThisInstallation.BROKER;

  private final Bench bench;
  private final PaperConnector paper;
  private final Witnesses witnesses;
  private final Quarantine quarantine;
  private final Standing standing;
  private final Unseen unseen;
  private final Reconciler reconciler;
  private final Differences differences;
  private final Clocks clocks;

  QuarantineTest(
      Bench bench,
      PaperConnector paper,
      Witnesses witnesses,
      Quarantine quarantine,
      Standing standing,
      Unseen unseen,
      Reconciler reconciler,
      Differences differences,
      Clocks clocks) {
    this.bench = bench;
    this.paper = paper;
    this.witnesses = witnesses;
    this.quarantine = quarantine;
    this.standing = standing;
    this.unseen = unseen;
    this.reconciler = reconciler;
    this.differences = differences;
    this.clocks = clocks;
  }

  @BeforeEach
  @AfterEach
  void clear() {
    unseen.are(List.of());
    bench.clear();
  }

  @Test
  void aTargetIsToldHowFarTheStoreIsAndThatItRememberedNothingIsNoted() {
    bench.planned();
    witnesses.look(TARGET);
    assertEquals(OnPaper.ThisInstallation.ID, remembered(TARGET).installation());
    assertEquals(1, bench.count(NOTED, Bench.TARGET));
    witnesses.look(TARGET);
    assertFalse(quarantine.isOn());
    assertEquals(1, bench.count(NOTED, Bench.TARGET), "it is noted once");
  }

  @Test
  void whatIsRememberedFromBeforeAQuarantineIsOverwritten() {
    Target other = Bench.target("older-db");
    endedOnce();
    remember(other, new Witness(OnPaper.ThisInstallation.ID, 1, 999_999, "not-here"));
    witnesses.look(other);
    assertFalse(quarantine.isOn());
    assertEquals(generation(), remembered(other).generation());
  }

  @Test
  void anotherInstallationClosesOnlyThatTarget() {
    Target shared = Bench.target("shared-db");
    Witness theirs = new Witness("another-installation", 9, 7, "theirs");
    remember(shared, theirs);
    String here = bench.active();
    witnesses.look(shared);
    assertFalse(quarantine.isOn());
    assertTrue(standing.against("shared-db").orElseThrow().contains("another installation"));
    assertTrue(standing.against(Bench.TARGET).isEmpty());
    assertEquals(theirs, remembered(shared), "theirs is left as it is");
    bench.pickUp(here);
    String waits = bench.planned("shared-db");
    bench.workOnce();
    assertEquals(GrantState.PLANNED, bench.state(waits));

    remember(shared, null);
    witnesses.look(shared);
    assertTrue(standing.against("shared-db").isEmpty());
  }

  @Test
  void nothingNewIsGivenAndNobodyIsEndedByAnEndOfThePast() {
    String live = bench.handedOut();
    String open = bench.active();
    String planned = bench.planned();
    storeWentBack();
    bench.makeDue(live);
    bench.workAgain();
    assertEquals(GrantState.ACTIVE, bench.state(live), "its mark says that it goes on");
    assertEquals(GrantState.PLANNED, bench.state(planned));
    refused(Fault.TARGET_CLOSED, () -> bench.pickUp(open));
    assertTrue(quarantine.view().reasons().get(0).contains("does not have"));
  }

  @Test
  void whatPeopleDecideGoesOn() {
    String live = bench.handedOut();
    storeWentBack();
    bench.giveBack(live);
    bench.workOnce();
    assertEquals(GrantState.ENDED, bench.state(live));
  }

  @Test
  void whatItsOwnMarkSaysIsOverIsTakenAway() {
    String live = bench.handedOut();
    paper.remove(live);
    PaperConnector.Account there =
        paper.appear(TARGET, ours(live, clocks.now().minusSeconds(1)), true);
    assertTrue(there.logIn("restored"));
    storeWentBack();
    bench.workOnce();
    assertEquals(GrantState.ENDED, bench.state(live));
    assertEquals(0, there.sessions());
  }

  @Test
  void aPickUpInTheLostHourIsLeftUntilTheEndItsMarkNames() {
    String open = bench.active();
    Instant later = clocks.now().plus(Duration.ofHours(3));
    paper.remove(open);
    paper.appear(TARGET, ours(open, later), true);
    storeWentBack();
    bench.makeDue(open);
    bench.workOnce();
    assertEquals(GrantState.ACTIVE, bench.state(open));
    DifferenceView difference = only(Kind.END_DIFFERS);
    assertEquals(later, difference.markedUntil());

    quarantine.end(Bench.ADMIN, Bench.PROOF);
    bench.workOnce();
    assertEquals(GrantState.ACTIVE, bench.state(open));
    assertEquals(later, bench.view(open).dueAt(), "this store took the end over");
    assertEquals(
        later.minus(Duration.ofMinutes(30)),
        bench.view(open).pickedUpAt(),
        "so long ago was the pick-up");
    assertTrue(bench.history(open).contains("grant-adopted"));
  }

  @Test
  void whatWasOnlyPlannedHereAndIsThereIsRevokedAndNotMerelyCancelled() {
    String planned = bench.planned();
    PaperConnector.Account there =
        paper.appear(TARGET, ours(planned, clocks.now().plusSeconds(600)), true);
    assertTrue(there.logIn("restored"));
    storeWentBack();
    quarantine.decide(Bench.ADMIN, only(Kind.END_DIFFERS).id(), Choice.REVOKE, Bench.PROOF);
    bench.workAgain();
    assertEquals(GrantState.ENDED, bench.state(planned));
    assertEquals(0, there.sessions());
  }

  @Test
  void whatEndedInTheLostHourIsListedAndClosedOnlyAfterwards() {
    String gone = bench.handedOut();
    paper.remove(gone);
    storeWentBack();
    reconciler.reconcile(TARGET);
    assertEquals(GrantState.ACTIVE, bench.state(gone));
    DifferenceView difference = only(Kind.NOT_AT_TARGET);
    refused(
        Fault.WRONG_STATE,
        () -> quarantine.decide(Bench.ADMIN, difference.id(), Choice.ADOPT, Bench.PROOF));

    quarantine.end(Bench.ADMIN, Bench.PROOF);
    reconciler.reconcile(TARGET);
    bench.workOnce();
    assertEquals(GrantState.ENDED, bench.state(gone));
  }

  @Test
  void whatWasGivenInTheLostHourStaysUntilSomebodySaysOtherwise() {
    String stranger = Ids.next();
    PaperConnector.Account there =
        paper.appear(TARGET, ours(stranger, clocks.now().plusSeconds(600)), true);
    assertTrue(there.logIn("restored"));
    storeWentBack();
    bench.sql("update grant_finding set first_seen_at = first_seen_at - interval '11 min'");
    reconciler.reconcile(TARGET);
    assertEquals(1, there.sessions());
    DifferenceView difference = only(Kind.NOT_IN_STORE);
    refused(
        Fault.NOT_ALLOWED,
        () -> quarantine.decide(Bench.ALICE, difference.id(), Choice.REVOKE, Bench.PROOF));

    quarantine.decide(Bench.ADMIN, difference.id(), Choice.ADOPT, Bench.PROOF);
    reconciler.reconcile(TARGET);
    assertEquals(1, there.sessions());
    quarantine.decide(Bench.ADMIN, difference.id(), Choice.REVOKE, Bench.PROOF);
    reconciler.reconcile(TARGET);
    assertEquals(0, there.sessions());
    assertTrue(paper.account(stranger).isEmpty());
  }

  @Test
  void whatIsOverHereAndStillThereIsTakenAwayAgainAtOnce() {
    String over = bench.handedOut();
    bench.giveBack(over);
    bench.workOnce();
    assertEquals(GrantState.ENDED, bench.state(over));
    paper.appear(TARGET, ours(over, clocks.now().plusSeconds(600)), true);
    storeWentBack();
    bench.workOnce();
    assertEquals(GrantState.ENDED, bench.state(over));
    assertTrue(paper.account(over).isEmpty());
  }

  @Test
  void aTargetThatCannotBeSeenIsNamedAndNothingEndsThere() {
    String live = bench.handedOut();
    storeWentBack();
    bench.sql("delete from quarantine_look");
    bench.sql("delete from quarantine_finding");
    paper.down(Bench.TARGET);
    bench.makeDue(live);
    bench.workOnce();
    assertEquals(GrantState.ACTIVE, bench.state(live));
    assertTrue(quarantine.view().notSeen().get(0).startsWith(Bench.TARGET));
  }

  @Test
  void aTargetThatNoLookSawEndsNobodyAfterTheQuarantineUntilOneHas() {
    String open = bench.active();
    String another = bench.active();
    Instant later = clocks.now().plus(Duration.ofHours(3));
    paper.remove(open);
    paper.appear(TARGET, ours(open, later), true);
    storeWentBack();
    bench.sql("delete from quarantine_look");
    bench.sql("delete from quarantine_finding");
    paper.down(Bench.TARGET);
    bench.makeDue(open);
    quarantine.end(Bench.ADMIN, Bench.PROOF);
    bench.workOnce();
    assertEquals(GrantState.ACTIVE, bench.state(open), "this store may not know of its pick-up");
    assertEquals(List.of(Bench.TARGET + ": not looked at yet"), quarantine.view().notSeen());
    assertFalse(witnesses.asked(TARGET));
    assertEquals(List.of(Bench.TARGET + ": orders-db did not answer"), quarantine.view().notSeen());
    assertTrue(standing.against(Bench.TARGET).orElseThrow().contains("could not be looked at"));
    refused(Fault.TARGET_CLOSED, () -> bench.pickUp(another));

    paper.up(Bench.TARGET);
    reconciler.reconcile(TARGET);
    bench.workOnce();
    assertEquals(GrantState.ACTIVE, bench.state(open));
    assertEquals(later, bench.view(open).dueAt(), "this store took the end over");
    assertTrue(bench.history(open).contains("grant-adopted"));
    assertEquals(List.of(), quarantine.view().notSeen());
    assertTrue(standing.against(Bench.TARGET).isEmpty());
    bench.makeDue(open);
    bench.workOnce();
    assertEquals(GrantState.ENDED, bench.state(open));
  }

  @Test
  void aTargetWithoutAPackIsOwedNothingForLongSinceNobodyCanLook() {
    String live = bench.handedOut();
    storeWentBack();
    bench.sql("delete from quarantine_look");
    quarantine.end(Bench.ADMIN, Bench.PROOF);
    reconciler.reconcileQuietly(Bench.TARGET); // it is in no pack here
    bench.makeDue(live);
    bench.workOnce();
    assertEquals(GrantState.ENDED, bench.state(live));
  }

  @Test
  void aLookThatWasSlowerThanAnotherChangesNothing() {
    String live = bench.handedOut();
    storeWentBack();
    quarantine.end(Bench.ADMIN, Bench.PROOF);
    Instant due = bench.view(live).dueAt();
    differences.seen(
        Bench.TARGET,
        List.of(
            new Found(
                "paper_" + live,
                Optional.of(ours(live, due.plus(Duration.ofHours(1)))),
                true,
                new Handle(PaperConnector.KIND, live, Map.of()))),
        Set.of(),
        List.of());
    assertEquals(due, bench.view(live).dueAt(), "the end may have moved since it looked");
    assertFalse(bench.history(live).contains("grant-adopted"));
  }

  @Test
  void aTargetWhoseAnswerIsLostWasNotAsked() {
    Target lost = Bench.target("lost-db");
    assertTrue(witnesses.asked(lost));
    paper.loseAnswers("witness");
    assertFalse(witnesses.asked(lost));
  }

  @Test
  void whatIsOnlyPlannedHereAndOverByItsMarkIsTakenAway() {
    String planned = bench.planned();
    PaperConnector.Account there =
        paper.appear(TARGET, ours(planned, clocks.now().minusSeconds(1)), true);
    assertTrue(there.logIn("restored"));
    storeWentBack();
    bench.workOnce();
    assertEquals(GrantState.ENDED, bench.state(planned));
    assertEquals(0, there.sessions());
  }

  @Test
  void whatIsOnlyPlannedHereAndThereStaysAndCountsAsMade() {
    String planned = bench.planned();
    Instant later = clocks.now().plus(Duration.ofHours(3));
    PaperConnector.Account there = paper.appear(TARGET, ours(planned, later), true);
    assertTrue(there.logIn("restored"));
    storeWentBack();
    bench.workOnce();
    assertEquals(GrantState.PROVISIONING, bench.state(planned));
    quarantine.end(Bench.ADMIN, Bench.PROOF);
    bench.workAgain();
    assertEquals(later, bench.view(planned).dueAt());
    assertEquals(1, there.sessions());
  }

  @Test
  void whatWasCancelledHereAndIsThereIsTakenAway() {
    String cancelled = bench.planned();
    bench.giveBack(cancelled);
    assertEquals(GrantState.CANCELLED, bench.state(cancelled));
    paper.appear(TARGET, ours(cancelled, clocks.now().plusSeconds(600)), true);
    storeWentBack();
    bench.workOnce();
    assertTrue(paper.account(cancelled).isEmpty());
  }

  @Test
  void whatIsOnlyPlannedAndNotThereIsMadeAfterwards() {
    String planned = bench.planned();
    storeWentBack();
    bench.workOnce();
    assertEquals(GrantState.PLANNED, bench.state(planned));
    quarantine.end(Bench.ADMIN, Bench.PROOF);
    bench.workAgain();
    assertEquals(GrantState.ACTIVE, bench.state(planned));
  }

  @Test
  void whatWasDecidedBeforeTheLostHourGoesOn() {
    String ending = bench.handedOut();
    bench.giveBack(ending);
    storeWentBack();
    assertEquals(GrantState.REVOKING, bench.state(ending));
    bench.workOnce();
    assertEquals(GrantState.ENDED, bench.state(ending));
  }

  @Test
  void whatNobodyKnowsAndIsOverByItsMarkGoesWhenItsGraceIsOverAndTheListSaysWhen() {
    String stranger = Ids.next();
    paper.appear(TARGET, ours(stranger, clocks.now().minusSeconds(60)), true);
    storeWentBack();
    Instant first = only(Kind.NOT_IN_STORE).revokedAt();
    assertTrue(first.isAfter(clocks.now().plus(Duration.ofMinutes(9))));
    reconciler.reconcile(TARGET);
    assertEquals(first, only(Kind.NOT_IN_STORE).revokedAt(), "each look tells the same");
    assertTrue(paper.account(stranger).isPresent());
    bench.sql("update grant_finding set first_seen_at = first_seen_at - interval '11 min'");
    reconciler.reconcile(TARGET);
    assertTrue(paper.account(stranger).isEmpty());
  }

  @Test
  void whatNobodyKnowsAndIsNotOverGoesAtTheEndOfItsMark() {
    Instant end = clocks.now().plus(Duration.ofHours(1)).truncatedTo(ChronoUnit.SECONDS);
    paper.appear(TARGET, ours(Ids.next(), end), true);
    storeWentBack();
    assertEquals(end, only(Kind.NOT_IN_STORE).revokedAt());
  }

  @Test
  void theEndRaisesTheGenerationAboveEveryOneSeen() {
    long seen = generation() + 5;
    remember(TARGET, new Witness(OnPaper.ThisInstallation.ID, seen, 1, "not-here"));
    witnesses.look(TARGET);
    assertTrue(quarantine.isOn());
    quarantine.end(Bench.ADMIN, Bench.PROOF);
    assertEquals(seen + 1, generation());
    witnesses.look(TARGET);
    assertFalse(quarantine.isOn());
    assertEquals(seen + 1, remembered(TARGET).generation());
    refused(Fault.WRONG_STATE, () -> quarantine.end(Bench.ADMIN, Bench.PROOF));
  }

  @Test
  void untilATargetWasAskedNothingEndsThereByTimeAndNothingIsGiven() {
    String live = bench.handedOut();
    String open = bench.active();
    String elsewhere = bench.handedOut("other-db");
    bench.makeDue(live);
    bench.makeDue(elsewhere);
    unseen.everything();
    bench.workOnce();
    assertEquals(GrantState.ACTIVE, bench.state(elsewhere));

    unseen.are(List.of(Bench.TARGET));
    bench.workOnce();
    assertEquals(GrantState.ENDED, bench.state(elsewhere));
    assertEquals(GrantState.ACTIVE, bench.state(live));
    refused(Fault.TARGET_UNAVAILABLE, () -> bench.pickUp(open));

    unseen.are(List.of());
    bench.workOnce();
    assertEquals(GrantState.ENDED, bench.state(live));
  }

  @Test
  void aStoreThatGoesBackUnderARunningNodeEndsNobodyEvenBeforeATargetIsAsked() {
    String live = bench.handedOut();
    String open = bench.active();
    String planned = bench.planned();
    bench.makeDue(live);
    standing.remember(new Witness(OnPaper.ThisInstallation.ID, generation(), 999_999, "not-here"));
    bench.workOnce();
    assertEquals(GrantState.ACTIVE, bench.state(live), "this store may not know of its pick-up");
    assertEquals(GrantState.PLANNED, bench.state(planned));
    refused(Fault.TARGET_CLOSED, () -> bench.pickUp(open));
    refused(Fault.WRONG_STATE, () -> quarantine.end(Bench.ADMIN, Bench.PROOF));

    assertTrue(standing.beginIfMissing());
    assertFalse(standing.beginIfMissing(), "it is on record now");
    assertEquals(
        List.of(
            "a running node remembers entry 999999 of the history, which this store does not have"),
        quarantine.view().reasons());
    quarantine.end(Bench.ADMIN, Bench.PROOF);
    assertFalse(quarantine.isOn(), "the generation rose, so what the node remembers is of before");
    bench.workOnce();
    assertEquals(GrantState.ACTIVE, bench.state(live), "nobody looked at its target since");
    reconciler.reconcile(TARGET);
    bench.workOnce();
    assertEquals(GrantState.ACTIVE, bench.state(live), "its mark says that it goes on");
    bench.makeDue(live);
    bench.workOnce();
    assertEquals(GrantState.ENDED, bench.state(live));
  }

  private static final String NOTED =
      "select count(*) from audit_entry where kind = 'witness-written' and target like ?1";

  /** The target remembers an entry that this store does not have, and was looked at. */
  private void storeWentBack() {
    remember(TARGET, new Witness(OnPaper.ThisInstallation.ID, generation(), 999_999, "not-here"));
    witnesses.look(TARGET);
    assertTrue(quarantine.isOn());
    reconciler.reconcile(TARGET);
  }

  private void endedOnce() {
    storeWentBack();
    quarantine.end(Bench.ADMIN, Bench.PROOF);
  }

  private DifferenceView only(Kind kind) {
    List<DifferenceView> all = quarantine.view().differences();
    assertEquals(List.of(kind), all.stream().map(DifferenceView::kind).toList());
    return all.get(0);
  }

  private long generation() {
    return quarantine.view().generation();
  }

  private void remember(Target target, Witness witness) {
    if (witness == null) {
      paper.forget(target);
    } else {
      paper.witness(target, BROKER, witness, Limits.within(Duration.ofSeconds(1)));
    }
  }

  private Witness remembered(Target target) {
    return paper.witness(target, BROKER, Limits.within(Duration.ofSeconds(1))).orElseThrow();
  }

  private static Mark ours(String grant, Instant until) {
    return new Mark(OnPaper.ThisInstallation.ID, BROKER, grant, until);
  }

  private static void refused(Fault fault, Runnable act) {
    assertEquals(fault, assertThrows(CurfewException.class, act::run).fault());
  }
}

package dev.curfew.grant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.identity.Caller;
import dev.curfew.testing.PaperConnector;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The life of a grant whose target does what it is asked. */
@QuarkusTest
@TestProfile(OnPaper.class)
class GrantLifeTest {

  private final Bench bench;
  private final PaperConnector paper;
  private final Pickup pickup;
  private final GrantFlow flow;
  private final Grants grants;
  private final OnPaper.AnyObjection clearance;

  GrantLifeTest(
      Bench bench,
      PaperConnector paper,
      Pickup pickup,
      GrantFlow flow,
      Grants grants,
      OnPaper.AnyObjection clearance) {
    this.bench = bench;
    this.paper = paper;
    this.pickup = pickup;
    this.flow = flow;
    this.grants = grants;
    this.clearance = clearance;
  }

  @BeforeEach
  void clear() {
    bench.clear();
  }

  @Test
  void aGrantIsProvidedPickedUpAndProvenGoneWhenItsWindowIsOver() {
    String id = bench.planned();
    assertEquals(GrantState.PLANNED, bench.state(id));

    bench.workOnce();
    assertEquals(GrantState.ACTIVE, bench.state(id));
    assertFalse(paper.account(id).orElseThrow().logIn(""), "nobody can enter before the pick-up");

    assertTrue(paper.account(id).orElseThrow().logIn(password(bench.pickUp(id))));

    bench.makeDue(id);
    bench.workOnce();
    GrantView over = bench.view(id);
    assertEquals(GrantState.ENDED, over.state());
    assertEquals(EndReason.EXPIRED, over.endReason());
    assertEquals(List.of("no account of that name", "no session of it"), over.proof());
    assertEquals(List.of("now of curfew_estate: table scratch"), over.leftBehind());
    assertNotNull(over.blockedAt());
    assertNotNull(over.deadAt());
    assertEquals("VERIFY", over.revokeStep());
    assertTrue(paper.account(id).isEmpty());
    assertEquals(
        List.of(
            "grant-opened",
            "grant-provisioned",
            "secret-issuing",
            "secret-shown",
            "grant-ending",
            "grant-revoke-step",
            "grant-revoke-step",
            "grant-revoke-step",
            "grant-ended"),
        bench.history(id));
  }

  @Test
  void twoClocksRunOneAfterTheOther() {
    String id = bench.active();
    GrantView waiting = bench.view(id);
    assertEquals(waiting.createdAt().plus(Duration.ofHours(1)), waiting.claimBy());
    assertEquals(waiting.claimBy(), waiting.dueAt(), "until the pick-up it waits to be claimed");

    bench.pickUp(id);
    GrantView running = bench.view(id);
    assertEquals(running.pickedUpAt().plus(running.window()), running.dueAt());
  }

  @Test
  void askingAgainMakesANewSecretAndNeverMovesTheEnd() {
    String id = bench.active();
    String first = password(bench.pickUp(id));
    Instant end = bench.view(id).dueAt();
    String second = password(bench.pickUp(id));

    assertNotEquals(first, second);
    assertEquals(end, bench.view(id).dueAt());
    assertFalse(paper.account(id).orElseThrow().logIn(first), "the earlier secret is void");
    assertTrue(paper.account(id).orElseThrow().logIn(second));
  }

  @Test
  void afterThePickUpTheEndOnlyFalls() {
    String id = bench.handedOut();
    assertThrows(
        RuntimeException.class,
        () ->
            bench.sql(
                "update access_grant set due_at = due_at + interval '1 min' where id = ?1", id));
    assertThrows(
        RuntimeException.class,
        () ->
            bench.sql(
                """
                update access_grant set picked_up_at = clock_timestamp(),
                  due_at = due_at + interval '1 min' where id = ?1
                """,
                id));
    assertEquals(
        1,
        bench.sql("update access_grant set due_at = due_at - interval '1 min' where id = ?1", id));
  }

  @Test
  void whatNobodyPicksUpIsTakenAwayAgain() {
    String id = bench.active();
    bench.makeDue(id);
    bench.workOnce();
    assertEquals(EndReason.UNCLAIMED, bench.view(id).endReason());
    assertEquals(GrantState.ENDED, bench.state(id));
  }

  @Test
  void giveBackEndsItAtOnce() {
    String id = bench.handedOut();
    PaperConnector.Account account = paper.account(id).orElseThrow();
    account.logIn(password(bench.pickUp(id)));
    assertEquals(1, account.sessions());

    bench.giveBack(id);
    bench.workOnce();
    assertEquals(0, account.sessions());
    assertEquals(GrantState.ENDED, bench.state(id));
    assertEquals(EndReason.GIVEN_BACK, bench.view(id).endReason());
  }

  @Test
  void allOfAPersonEndsInOneAct() {
    String planned = bench.planned("a");
    String active = bench.active("b");
    String over = bench.active("c");
    bench.giveBack(over);
    bench.workOnce();
    String later = bench.planned("d");

    int ended = flow.endAllOf(Bench.ADMIN, "alice", EndReason.REVOKED, "left the company");
    assertEquals(3, ended);
    assertEquals(GrantState.REVOKING, bench.state(planned), "workOnce had provided it");
    assertEquals(GrantState.REVOKING, bench.state(active));
    assertEquals(GrantState.CANCELLED, bench.state(later));
    assertEquals(EndReason.GIVEN_BACK, bench.view(over).endReason());
  }

  @Test
  void everythingEndsInOneActOfTheHost() {
    bench.active("a");
    bench.active("b");
    assertEquals(2, flow.endAll(Caller.operator("db1"), EndReason.REVOKED, "break-in"));
    bench.workOnce();
    assertEquals(List.of(), grants.live());
  }

  @Test
  void anObjectionBeforeProvisionCancelsIt() {
    String id = bench.planned();
    clearance.objection = "alice is no longer an engineer";
    bench.workOnce();
    assertEquals(GrantState.CANCELLED, bench.state(id));
    assertEquals(EndReason.FAILED, bench.view(id).endReason());
    assertEquals("alice is no longer an engineer", bench.view(id).endNote());
    assertEquals(0, paper.calls("provision", id));
  }

  @Test
  void anObjectionAtPickUpHandsOutNothingAndStartsNothing() {
    String id = bench.active();
    clearance.objection = "alice is no longer an engineer";
    CurfewException no = assertThrows(CurfewException.class, () -> bench.pickUp(id));
    assertEquals(Fault.NOT_ALLOWED, no.fault());
    assertEquals(0, paper.calls("issue", id));
    assertNull(bench.view(id).pickedUpAt());
  }

  @Test
  void aProofThatIsRefusedStartsNothing() {
    String id = bench.active();
    assertThrows(
        CurfewException.class,
        () ->
            pickup.pickUp(
                Bench.ALICE,
                id,
                Bench.PROOF,
                () -> {
                  throw new CurfewException(Fault.PROOF_REFUSED, "spent already");
                }));
    assertNull(bench.view(id).pickedUpAt());
    assertEquals(0, paper.calls("issue", id));
    bench.pickUp(id);
  }

  @Test
  void aPickUpAfterTheEndIsRefused() {
    String id = bench.active();
    bench.makeDue(id);
    assertEquals(
        Fault.WRONG_STATE,
        assertThrows(CurfewException.class, () -> bench.pickUp(id)).fault(),
        "even before a worker came to it");
    bench.workOnce();
    assertEquals(
        Fault.WRONG_STATE, assertThrows(CurfewException.class, () -> pickup.ready(id)).fault());
    assertEquals(0, paper.calls("issue", id));
  }

  @Test
  void aPickUpBeforeItStandsSaysWhenToComeBack() {
    String id = bench.planned();
    CurfewException wait = assertThrows(CurfewException.class, () -> pickup.ready(id));
    assertEquals(Fault.PICKUP_IN_PROGRESS, wait.fault());
    assertTrue(wait.retryAfter().isPresent());
  }

  @Test
  void aTargetThatRefusesForGoodEndsTheGrantByProof() {
    paper.refuse(Bench.TARGET, "the group can log in");
    String id = bench.planned();
    bench.workOnce();
    assertEquals(GrantState.REVOKING, bench.state(id));
    bench.workOnce();
    assertEquals(GrantState.ENDED, bench.state(id));
    assertEquals("the group can log in", bench.view(id).endNote());
    assertEquals(EndReason.FAILED, bench.view(id).endReason());
  }

  @Test
  void aLostAnswerOfProvisionLeavesOneAccountThatWorks() {
    paper.loseAnswers("provision");
    String id = bench.planned();
    bench.workOnce();
    assertEquals(GrantState.PROVISIONING, bench.state(id), "it may stand there already");
    paper.answer("provision");
    bench.workAgain();
    assertEquals(GrantState.ACTIVE, bench.state(id));
    assertTrue(paper.account(id).orElseThrow().logIn(password(bench.pickUp(id))));
  }

  @Test
  void aLostAnswerOfIssueCountsAsHandedOut() {
    paper.loseAnswers("issue");
    String id = bench.active();
    CurfewException no = assertThrows(CurfewException.class, () -> bench.pickUp(id));
    assertEquals(Fault.TARGET_UNAVAILABLE, no.fault());
    assertNotNull(bench.view(id).pickedUpAt());
    paper.answer("issue");
    bench.pickUp(id);
  }

  @Test
  void theSecretIsInNoTable() {
    String id = bench.active();
    String secret = password(bench.pickUp(id));
    bench.giveBack(id);
    bench.workOnce();
    assertEquals(
        0, bench.count("select count(*) from access_grant g where g::text like ?1", secret));
    assertEquals(
        0, bench.count("select count(*) from audit_entry e where e::text like ?1", secret));
    assertEquals(0, bench.count("select count(*) from grant_fact f where f::text like ?1", secret));
  }

  @Test
  void aPersonsLiveGrantIsFoundUntilItsEndIsDecided() {
    String id = bench.active();
    assertEquals(id, grants.liveFor("alice", "orders-db/read-only").orElseThrow().id());
    bench.giveBack(id);
    assertTrue(grants.liveFor("alice", "orders-db/read-only").isEmpty());
    assertEquals(1, grants.live().size(), "it is not over before it is proven");
  }

  private static String password(Handover handover) {
    return handover.lines().stream()
        .filter(line -> line.name().equals("password"))
        .findFirst()
        .orElseThrow()
        .value();
  }
}

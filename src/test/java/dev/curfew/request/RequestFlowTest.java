package dev.curfew.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.Ids;
import dev.curfew.approval.Choice;
import dev.curfew.catalog.PaperCatalog;
import dev.curfew.grant.GrantState;
import dev.curfew.grant.Grants;
import dev.curfew.identity.Caller;
import dev.curfew.mfa.GivenProofs;
import dev.curfew.mfa.Offered;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(AtTheDesk.class)
class RequestFlowTest {

  @Inject Desk desk;
  @Inject RequestFlow flow;
  @Inject Requests requests;
  @Inject Grants grants;
  @Inject RequestClearance clearance;
  @Inject GrantReads grantReads;
  @Inject PickupFlow pickup;
  @Inject EndFlow ends;
  @Inject OffboardFlow offboard;
  @Inject CatalogReads catalog;
  @Inject GivenProofs proofs;

  private Caller erin;
  private Caller ann;
  private Caller ben;

  @BeforeEach
  void people() {
    desk.clear();
    erin = desk.person("Erin", "engineering");
    ann = desk.person("Ann", "dba-oncall");
    ben = desk.person("Ben", "dba-oncall");
  }

  @Test
  void theLastApprovalOpensTheGrant() {
    RequestView asked = desk.ask(erin, PaperCatalog.WRITE);
    assertEquals(RequestState.PENDING, asked.state());
    assertEquals(1, desk.approve(ann, asked).stages().get(0).have());
    RequestView approved = desk.approve(ben, asked);
    assertEquals(RequestState.APPROVED, approved.state());
    assertEquals("approved by Ben", approved.outcome());
    assertEquals(GrantState.PLANNED, grants.view(approved.grant()).orElseThrow().state());
    assertTrue(clearance.objection(asked.id(), approved.grant(), false).isEmpty());
  }

  @Test
  void whereNobodyMustAgreeTheGrantIsOpenAtOnce() {
    RequestView asked = desk.ask(erin, PaperCatalog.FREE);
    assertEquals(RequestState.APPROVED, asked.state());
    assertEquals("approved by the rules", asked.outcome());
  }

  @Test
  void oneDenialDeniesAndTellsWhy() {
    RequestView asked = desk.ask(erin, PaperCatalog.READ);
    assertEquals(
        "reason",
        desk.refused(Fault.INVALID, ann, () -> desk.deny(ann, asked, "")).field().orElseThrow());
    assertEquals("denied by Ann: not today", desk.deny(ann, asked, "not today").outcome());
    CurfewException late = desk.refused(Fault.ALREADY_DECIDED, ben, () -> desk.approve(ben, asked));
    assertTrue(late.getMessage().startsWith("already decided by Ann at "), late.getMessage());
  }

  @Test
  void twoVotesAtOnceGiveOneDecision() throws Exception {
    for (int round = 0; round < 50; round++) {
      desk.clear();
      RequestView asked = desk.ask(erin, PaperCatalog.READ);
      List<Object> answers =
          atOnce(() -> desk.approve(ann, asked), () -> desk.deny(ben, asked, "no"));
      assertEquals(1, answers.stream().filter(RequestView.class::isInstance).count(), "" + answers);
      CurfewException late =
          (CurfewException)
              answers.stream().filter(CurfewException.class::isInstance).findFirst().orElseThrow();
      assertEquals(Fault.ALREADY_DECIDED, late.fault());
      assertEquals(
          1, desk.count("select count(*) from vote where request_id = '" + asked.id() + "'"));
      boolean approved = requests.view(erin, asked.id()).state() == RequestState.APPROVED;
      assertEquals(approved, grants.liveFor(erin.person(), PaperCatalog.READ).isPresent());
    }
  }

  @Test
  void nobodyVotesForThemselves() {
    Caller both = desk.person("Erin", "engineering", "dba-oncall");
    RequestView asked = desk.ask(both, PaperCatalog.READ);
    desk.refused(Fault.NOT_ALLOWED, both, () -> desk.approve(both, asked));
  }

  @Test
  void whoPutSomebodyIntoAGroupDoesNotVoteForThem() {
    RequestView asked = desk.ask(erin, PaperCatalog.READ);
    desk.sql(
        "insert into audit_entry (id, at, kind, actor, subject, outcome, body) values ('"
            + Ids.next()
            + "', clock_timestamp(), 'group-joined', '"
            + erin.person()
            + "', '"
            + ann.person()
            + "', 'DONE', '{}')");
    CurfewException refusal = desk.refused(Fault.NOT_ALLOWED, ann, () -> desk.approve(ann, asked));
    assertTrue(refusal.getMessage().contains("tied"), refusal.getMessage());
    assertEquals(RequestState.APPROVED, desk.approve(ben, asked).state());
  }

  @Test
  void aCredentialOfTodayDoesNotVote() {
    RequestView asked = desk.ask(erin, PaperCatalog.READ);
    proofs.since = asked.createdAt();
    desk.refused(Fault.NOT_ALLOWED, ann, () -> desk.approve(ann, asked));
  }

  @Test
  void aVoteCountsOnlyForGroupsItsVoterHasBeenInForADay() {
    RequestView asked = desk.ask(erin, PaperCatalog.WRITE);
    desk.approve(ann, asked);
    desk.sql(
        "update membership set settled = false, since = clock_timestamp() where person = '"
            + ann.person()
            + "'");
    RequestView after = desk.approve(ben, asked);
    assertEquals(RequestState.PENDING, after.state());
    assertEquals(1, after.stages().get(0).have(), "only Ben's");
  }

  @Test
  void aVoteIsForExactlyWhatWasShown() {
    RequestView asked = desk.ask(erin, PaperCatalog.READ);
    desk.refused(
        Fault.CHANGED_MEANWHILE,
        ann,
        () ->
            flow.vote(
                ann, new Vote(asked.id(), Choice.APPROVE, "", "0".repeat(64)), GivenProofs.GOOD));
  }

  @Test
  void aRepeatedVoteIsTheSameVote() {
    RequestView asked = desk.ask(erin, PaperCatalog.READ);
    desk.approve(ann, asked);
    assertEquals(RequestState.APPROVED, desk.approve(ann, asked).state());
    desk.refused(Fault.ALREADY_DECIDED, ann, () -> desk.deny(ann, asked, "on second thought"));
  }

  @Test
  void withoutAProofNothingIsAsked() {
    desk.refused(
        Fault.PROOF_REQUIRED,
        erin,
        () ->
            flow.submit(erin, new Submit(PaperCatalog.READ, 30, "why", ""), Offered.NOTHING, null));
    assertTrue(requests.mine(erin).isEmpty());
  }

  @Test
  void theSameKeyAnswersTheSameRequestAndAnotherBodyIsRefused() {
    Submit submit = new Submit(PaperCatalog.READ, 30, "why", "T-1");
    RequestView first = flow.submit(erin, submit, GivenProofs.GOOD, "key-1");
    assertEquals(first.id(), flow.submit(erin, submit, Offered.NOTHING, "key-1").id());
    desk.refused(
        Fault.IDEMPOTENCY_MISMATCH,
        erin,
        () ->
            flow.submit(
                erin, new Submit(PaperCatalog.READ, 31, "why", "T-1"), GivenProofs.GOOD, "key-1"));
  }

  @Test
  void aSecondAskLeadsToTheFirstWhileItIsOpenOrLive() {
    RequestView first = desk.ask(erin, PaperCatalog.READ);
    RequestView second = desk.ask(erin, PaperCatalog.READ);
    assertEquals(first.id(), second.id());
    assertFalse(first.existing());
    assertTrue(second.existing());
    desk.approve(ann, first);
    assertEquals(first.id(), desk.ask(erin, PaperCatalog.READ).id());
    ends.giveBack(erin, requests.view(erin, first.id()).grant());
    assertNotEquals(first.id(), desk.ask(erin, PaperCatalog.READ).id());
  }

  @Test
  void manyAsksAtOnceMakeOneRequest() throws Exception {
    Callable<?> ask = () -> desk.ask(erin, PaperCatalog.READ);
    List<Object> answers = atOnce(ask, ask, ask, ask, ask, ask, ask, ask);
    assertEquals(1, answers.stream().map(answer -> ((RequestView) answer).id()).distinct().count());
    assertEquals(1, requests.mine(erin).size());
  }

  @Test
  void twentyAreEnoughForADay() {
    for (int i = 0; i < 20; i++) {
      flow.cancel(erin, desk.ask(erin, PaperCatalog.READ).id());
    }
    desk.refused(Fault.LIMIT_REACHED, erin, () -> desk.ask(erin, PaperCatalog.READ));
  }

  @Test
  void badValuesNameTheirFieldAndLeaveOneEntryEach() {
    assertEquals("window", field(new Submit(PaperCatalog.READ, 481, "why", "")));
    assertEquals("window", field(new Submit(PaperCatalog.READ, 0, "why", "")));
    assertEquals("reason", field(new Submit(PaperCatalog.READ, 30, "  ", "")));
    assertEquals("reason", field(new Submit(PaperCatalog.READ, 30, "😀".repeat(2_001), "")));
    assertEquals("reason", field(new Submit(PaperCatalog.READ, 30, "a\0b", "")));
    assertEquals("ticket", field(new Submit(PaperCatalog.READ, 30, "why", "x".repeat(201))));
  }

  @Test
  void textIsKeptAsItWasTyped() {
    String reason = "'; drop table vote; -- <script>alert(\"1\")</script> " + "😀".repeat(100);
    RequestView asked = desk.ask(erin, new Submit(PaperCatalog.READ, 30, reason, "<b>T</b>"));
    assertEquals(reason, requests.view(ann, asked.id()).reason());
    assertEquals("<b>T</b>", requests.view(ann, asked.id()).ticket());
    RequestView longest =
        desk.ask(erin, new Submit(PaperCatalog.WRITE, 30, "😀".repeat(2_000), ""));
    assertEquals(RequestState.PENDING, longest.state());
  }

  @Test
  void aRuleThatDeniesSaysHowToPass() {
    Submit tooLong = new Submit(PaperCatalog.WRITE, 120, "why", "");
    Forecast forecast = flow.forecast(erin, tooLong);
    assertEquals(Forecast.Answer.DENY, forecast.answer());
    assertFalse(forecast.wouldPass());
    desk.refused(Fault.DENIED_BY_RULE, erin, () -> desk.ask(erin, tooLong));
    assertTrue(flow.forecast(erin, new Submit(PaperCatalog.WRITE, 120, "", "T-1")).wouldPass());
  }

  @Test
  void aStageThatNobodyElseCouldFillSaysSoAtSubmit() {
    Caller only = desk.person("Erin", "engineering", "lonely");
    CurfewException refusal =
        desk.refused(Fault.DENIED_BY_RULE, only, () -> desk.ask(only, PaperCatalog.LONELY));
    assertTrue(refusal.getMessage().contains("nobody but you"), refusal.getMessage());
  }

  @Test
  void whatOneMayNotAskForIsNotThere() {
    Caller guest = desk.person("Guest", "sales");
    assertTrue(catalog.search(guest, null, null).isEmpty());
    desk.refused(Fault.NOT_FOUND, guest, () -> desk.ask(guest, PaperCatalog.READ));
    desk.refused(Fault.NOT_FOUND, guest, () -> desk.ask(guest, "orders-db/nothing"));
  }

  @Test
  void aRequestIsSeenByItsOwnPeopleOnly() {
    RequestView asked = desk.ask(erin, PaperCatalog.READ);
    Caller guest = desk.person("Guest", "engineering");
    Caller auditor = desk.person("Uma", "auditors");
    assertThrows(CurfewException.class, () -> requests.view(guest, asked.id()));
    desk.refused(Fault.NOT_FOUND, guest, () -> desk.approve(guest, asked));
    desk.refused(Fault.NOT_ALLOWED, auditor, () -> desk.approve(auditor, asked));
    assertEquals(asked.id(), requests.view(auditor, asked.id()).id());
    assertEquals(1, requests.inboxCount(ann));
    assertEquals(0, requests.inboxCount(erin));
    assertTrue(requests.trace(auditor, asked.id()).contains("\"decision\":\"ask\""));
  }

  @Test
  void whatNobodyDecidesLapses() {
    RequestView asked = desk.ask(erin, PaperCatalog.READ);
    desk.sql("alter table access_request disable trigger access_request_keep");
    desk.sql(
        "update access_request set lapse_at = clock_timestamp() - interval '1 second' where id = '"
            + asked.id()
            + "'");
    desk.sql("alter table access_request enable trigger access_request_keep");
    desk.refused(Fault.ALREADY_DECIDED, ann, () -> desk.approve(ann, asked));
    assertEquals(1, flow.lapse());
    assertEquals(0, flow.lapse());
    assertEquals(RequestState.LAPSED, requests.view(erin, asked.id()).state());
  }

  @Test
  void takenBackOnceIsTakenBack() {
    RequestView asked = desk.ask(erin, PaperCatalog.READ);
    desk.refused(Fault.NOT_ALLOWED, ann, () -> flow.cancel(ann, asked.id()));
    assertEquals(RequestState.CANCELLED, flow.cancel(erin, asked.id()).state());
    assertEquals(RequestState.CANCELLED, flow.cancel(erin, asked.id()).state());
    desk.refused(Fault.ALREADY_DECIDED, ann, () -> desk.approve(ann, asked));
  }

  @Test
  void pagesOfAListFollowEachOther() {
    for (int i = 0; i < 5; i++) {
      flow.cancel(erin, desk.ask(erin, PaperCatalog.READ).id());
    }
    List<String> seen = new ArrayList<>();
    String cursor = null;
    do {
      Page<RequestView> page = requests.page(erin, Box.MINE, null, cursor, 2);
      page.items().forEach(request -> seen.add(request.id()));
      cursor = page.next();
    } while (cursor != null);
    assertEquals(5, seen.stream().distinct().count());
    assertEquals(5, seen.size());
  }

  @Test
  void anInboxComesInPartsTheOldestFirst() {
    List<String> asked = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      asked.add(desk.ask(desk.person("Asker", "engineering"), PaperCatalog.READ).id());
    }
    List<String> seen = new ArrayList<>();
    String cursor = null;
    do {
      Page<RequestView> page = requests.page(ann, Box.INBOX, null, cursor, 2);
      page.items().forEach(request -> seen.add(request.id()));
      cursor = page.next();
    } while (cursor != null);
    assertEquals(asked, seen);
  }

  @Test
  void liveGrantsComeInPartsThoughOneEndsMeanwhileAndOthersAreNotForTheReader() {
    List<String> newestFirst = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      Caller holder = desk.person("Holder", "engineering");
      newestFirst.add(0, desk.approve(ann, desk.ask(holder, PaperCatalog.READ)).grant());
      desk.ask(holder, PaperCatalog.FREE);
    }
    Page<SeenGrant> first = grantReads.live(ann, null, 2);
    assertEquals(newestFirst.subList(0, 2), ids(first));
    ends.revoke(ann, newestFirst.get(1), "enough");
    Page<SeenGrant> second = grantReads.live(ann, first.next(), 2);
    assertEquals(newestFirst.subList(2, 4), ids(second));
    Page<SeenGrant> third = grantReads.live(ann, second.next(), 2);
    assertEquals(newestFirst.subList(4, 5), ids(third));
    assertNull(third.next());
    assertEquals(
        "cursor",
        assertThrows(CurfewException.class, () -> grantReads.live(ann, newestFirst.get(0), 2))
            .field()
            .orElseThrow());
  }

  @Test
  void onesOwnGrantsComeInPartsAlsoThoseThatAreOver() {
    String first = desk.ask(erin, PaperCatalog.FREE).grant();
    ends.giveBack(erin, first);
    String second = desk.ask(erin, PaperCatalog.FREE).grant();
    Page<SeenGrant> newest = grantReads.mine(erin, null, 1);
    assertEquals(List.of(second), ids(newest));
    assertEquals(List.of(first), ids(grantReads.mine(erin, newest.next(), 1)));
    assertEquals(
        List.of(second), grantReads.held(erin).stream().map(seen -> seen.grant().id()).toList());
  }

  private static List<String> ids(Page<SeenGrant> page) {
    return page.items().stream().map(seen -> seen.grant().id()).toList();
  }

  @Test
  void pickUpByAnotherPersonOrWithoutAProofIsRefused() {
    RequestView asked = desk.ask(erin, PaperCatalog.READ);
    String grant = desk.approve(ann, asked).grant();
    Caller guest = desk.person("Guest", "engineering");
    desk.refused(Fault.NOT_ALLOWED, ann, () -> pickup.pickUp(ann, grant, GivenProofs.GOOD));
    desk.refused(Fault.NOT_FOUND, guest, () -> pickup.pickUp(guest, grant, GivenProofs.GOOD));
    desk.refused(
        Fault.PICKUP_IN_PROGRESS, erin, () -> pickup.pickUp(erin, grant, GivenProofs.GOOD));
    ends.giveBack(erin, grant);
    desk.refused(Fault.WRONG_STATE, erin, () -> pickup.pickUp(erin, grant, GivenProofs.GOOD));
  }

  @Test
  void anApproverRevokesAndAStrangerDoesNot() {
    RequestView asked = desk.ask(erin, PaperCatalog.READ);
    String grant = desk.approve(ann, asked).grant();
    Caller guest = desk.person("Guest", "engineering");
    desk.refused(Fault.NOT_FOUND, guest, () -> ends.revoke(guest, grant, ""));
    desk.refused(Fault.NOT_ALLOWED, erin, () -> ends.revoke(erin, grant, ""));
    ends.revoke(ben, grant, "no longer needed");
    assertTrue(grants.view(grant).orElseThrow().state().isFinal());
  }

  @Test
  void rightsLostAfterTheApprovalCount() {
    RequestView asked = desk.ask(erin, PaperCatalog.READ);
    String grant = desk.approve(ann, asked).grant();
    desk.sql(
        "update person set enabled = false, disabled_at = clock_timestamp() where id = '"
            + ann.person()
            + "'");
    assertTrue(clearance.objection(asked.id(), grant, false).isPresent());
  }

  @Test
  void disablingSomebodyEndsEverythingOfTheirsInOneAct() {
    Caller admin = desk.person("Ada", "administrators");
    Caller leaving = desk.person("Lee", "engineering", "dba-oncall");
    RequestView open = desk.ask(leaving, PaperCatalog.WRITE);
    RequestView live = desk.approve(ann, desk.ask(leaving, PaperCatalog.READ));
    RequestView other = desk.ask(erin, PaperCatalog.WRITE);
    desk.approve(leaving, other);
    desk.refused(
        Fault.NOT_ALLOWED, ann, () -> offboard.disable(ann, leaving.person(), GivenProofs.GOOD));

    offboard.disable(admin, leaving.person(), GivenProofs.GOOD);
    assertEquals(RequestState.CANCELLED, requests.view(admin, open.id()).state());
    assertTrue(grants.view(live.grant()).orElseThrow().state().isFinal());
    RequestView after = requests.view(erin, other.id());
    assertEquals(0, after.stages().get(0).have());
    assertEquals("Lee was disabled", after.votes().get(0).voided());
  }

  private String field(Submit submit) {
    return desk.refused(Fault.INVALID, erin, () -> desk.ask(erin, submit)).field().orElseThrow();
  }

  private static List<Object> atOnce(Callable<?>... acts) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(acts.length);
    CyclicBarrier start = new CyclicBarrier(acts.length);
    try {
      List<Future<Object>> running = new ArrayList<>();
      for (Callable<?> act : acts) {
        running.add(
            threads.submit(
                () -> {
                  start.await();
                  try {
                    return act.call();
                  } catch (CurfewException refusal) {
                    return refusal;
                  }
                }));
      }
      List<Object> answers = new ArrayList<>();
      for (Future<Object> one : running) {
        answers.add(one.get());
      }
      return answers;
    } finally {
      threads.shutdownNow();
    }
  }
}

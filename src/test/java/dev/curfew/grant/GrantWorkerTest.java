package dev.curfew.grant;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.catalog.RevokeOnly;
import dev.curfew.connector.Step;
import dev.curfew.testing.PaperConnector;
import io.quarkus.logging.json.runtime.JsonFormatter;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.jboss.logmanager.ExtHandler;
import org.jboss.logmanager.ExtLogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The loops of real workers, two nodes of them, on one store. */
@QuarkusTest
@TestProfile(OnPaper.class)
class GrantWorkerTest {

  /** Only how long a broken test takes to fail; nothing here depends on speed. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Bench bench;
  private final PaperConnector paper;
  private final RevokeOnly revokeOnly;
  private final OnPaper.AnyObjection clearance;
  private final GrantGauges gauges;
  private final Queue queue;
  private final List<GrantWorker> nodes;

  GrantWorkerTest(
      Bench bench,
      PaperConnector paper,
      RevokeOnly revokeOnly,
      OnPaper.AnyObjection clearance,
      GrantGauges gauges,
      Queue queue,
      GrantFlow flow,
      GrantCalls calls,
      GrantSettings settings) {
    this.bench = bench;
    this.paper = paper;
    this.revokeOnly = revokeOnly;
    this.clearance = clearance;
    this.gauges = gauges;
    this.queue = queue;
    this.nodes =
        List.of(
            new GrantWorker(queue, flow, calls, revokeOnly, settings),
            new GrantWorker(queue, flow, calls, revokeOnly, settings));
  }

  @BeforeEach
  void clear() {
    bench.clear();
  }

  @AfterEach
  void stop() {
    revokeOnly.found(List.of());
    paper.letGo();
    nodes.forEach(GrantWorker::stop);
  }

  @Test
  void twoNodesMakeOneCallForEachGrant() {
    List<String> ids =
        IntStream.range(0, 40).mapToObj(i -> bench.planned("target" + i % 4)).toList();
    nodes.forEach(GrantWorker::start);
    awaitAll(ids, GrantState.ACTIVE);
    ids.forEach(bench::giveBack);
    awaitAll(ids, GrantState.ENDED);
    for (String id : ids) {
      assertEquals(1, paper.calls("provision", id));
      assertEquals(1, paper.calls("revoke", id));
    }
  }

  @Test
  void whatIsDueEndsByItself() {
    String id = bench.handedOut();
    nodes.forEach(GrantWorker::start);
    bench.makeDue(id);
    awaitAll(List.of(id), GrantState.ENDED);
  }

  @Test
  void aRevocationThatGoesOnLaterKeepsNoHandAndIsNoFailure() {
    String id = bench.handedOut();
    paper.looksTwice();
    bench.giveBack(id);
    bench.workOnce();
    bench.workOnce();
    assertEquals(1, paper.calls("revoke", id), "its time has not come");
    GrantView waiting = bench.view(id);
    assertEquals(GrantState.REVOKING, waiting.state());
    assertNull(waiting.problem());
    assertNull(waiting.deadAt(), "somebody may still come late");

    bench.workAgain();
    assertEquals(GrantState.ENDED, bench.state(id));
    assertFalse(bench.history(id).contains("grant-revoke-waits"));
    assertFalse(bench.history(id).contains("grant-taken-over"));
  }

  @Test
  void anAccessThatIsOpenAgainWhileItIsTakenAwayIsCalledLiveAndNotOver() {
    String id = bench.handedOut();
    paper.failAt(Bench.TARGET, Step.CLEAN);
    bench.giveBack(id);
    bench.workOnce();
    assertNotNull(bench.view(id).deadAt());
    Instant first = bench.view(id).blockedAt();
    paper.opensAgain();
    bench.workAgain();
    assertNull(bench.view(id).deadAt(), "somebody may be inside");
    assertNull(bench.view(id).blockedAt());

    paper.mend(Bench.TARGET);
    bench.workAgain();
    assertEquals(GrantState.ENDED, bench.state(id));
    assertTrue(bench.view(id).blockedAt().isAfter(first));
  }

  @Test
  void whatWasNotAnsweredComesAfterAllElseAndKeepsHalfOfTheHandsAtMost() {
    List<String> down = List.of("down1", "down2", "down3");
    List<String> there =
        down.stream()
            .flatMap(target -> IntStream.range(0, 4).mapToObj(i -> bench.handedOut(target)))
            .toList();
    String elsewhere = bench.handedOut("up");
    down.forEach(paper::down);
    there.forEach(bench::giveBack);
    bench.workOnce();
    assertEquals(3, queue.waiting().size(), "one of each to look by");
    bench.giveBack(elsewhere);
    bench.retryNow();
    List<Claim> claimed = queue.claim(Queue.Work.REVOKE, "hand", 100);
    assertEquals(elsewhere, claimed.get(0).grant());
    assertEquals(1 + 8, claimed.size());
    assertEquals(List.of(), queue.claim(Queue.Work.REVOKE, "hand", 100));
  }

  @Test
  void whatIsLeftOverWaitsForWhatMayBeLive() {
    String over = bench.handedOut();
    paper.failAt(Bench.TARGET, Step.CLEAN);
    bench.giveBack(over);
    bench.workOnce();
    String live = bench.handedOut();
    bench.giveBack(live);
    bench.sql("update access_grant set next_at = next_at - interval '1 h' where id = ?1", over);
    assertEquals(live, queue.claim(Queue.Work.REVOKE, "hand", 1).get(0).grant());
  }

  @Test
  void aSlowTargetStarvesNoOther() {
    List<PaperConnector.Stall> stalls = new ArrayList<>();
    List<String> slow =
        IntStream.range(0, 30)
            .mapToObj(
                i -> {
                  String id = bench.planned("slow");
                  stalls.add(paper.stall("provision", id));
                  return id;
                })
            .toList();
    nodes.get(0).start();
    await().atMost(PATIENCE).until(() -> started(slow) > 0);

    List<String> quick = IntStream.range(0, 30).mapToObj(i -> bench.planned("quick")).toList();
    awaitAll(quick, GrantState.ACTIVE);
    quick.forEach(bench::giveBack);
    awaitAll(quick, GrantState.ENDED);

    assertTrue(started(slow) <= 4, "half of the eight calls that a target may have at once");
    stalls.forEach(PaperConnector.Stall::release);
    awaitAll(slow, GrantState.ACTIVE);
  }

  @Test
  void revocationsFindAWorkerWhileAllTargetsAreSlowToProvision() {
    String live = bench.handedOut();
    List<String> slow =
        IntStream.range(0, 40)
            .mapToObj(
                i -> {
                  String id = bench.planned("slow" + i);
                  paper.stall("provision", id);
                  return id;
                })
            .toList();
    nodes.get(0).start();
    await().atMost(PATIENCE).until(() -> started(slow) == 8);
    bench.giveBack(live);
    awaitAll(List.of(live), GrantState.ENDED);
    assertEquals(8, started(slow), "half of the workers are kept");
  }

  @Test
  void aTargetThatAnswersAgainWakesAllThatWaitsForIt() {
    List<String> ids = IntStream.range(0, 4).mapToObj(i -> bench.active("far")).toList();
    paper.down("far");
    ids.forEach(bench::giveBack);
    bench.workOnce();
    // by their own time they would be tried in an hour
    bench.sql("update access_grant set next_at = clock_timestamp() + interval '1 hour'");
    nodes.forEach(GrantWorker::start);
    paper.up("far");
    awaitAll(ids, GrantState.ENDED);
  }

  @Test
  void aLookAtATargetThatHangsIsOverBeforeTheNextIsDue() {
    String id = bench.active("far");
    paper.down("far");
    paper.swallow("far");
    bench.giveBack(id);
    bench.workOnce();
    bench.sql("update access_grant set next_at = clock_timestamp() + interval '1 hour'");
    nodes.get(0).start();
    // looks are due each 50 ms; one that hung for as long as a verification may takes ten seconds
    await().atMost(Duration.ofSeconds(8)).until(() -> paper.calls("verify", id) >= 3);
  }

  @Test
  void aNodeThatOnlyRevokesLeavesProvisionsAlone() {
    revokeOnly.found(List.of("a pack is wrong"));
    String live = bench.handedOutEvenSo();
    String planned = bench.planned();
    nodes.get(0).start();
    bench.makeDue(live);
    awaitAll(List.of(live), GrantState.ENDED);
    assertEquals(0, paper.calls("provision", planned));

    revokeOnly.found(List.of());
    awaitAll(List.of(planned), GrantState.ACTIVE);
  }

  @Test
  void aNodeTakesOverFromOneThatDied() {
    String id = bench.handedOut();
    bench.giveBack(id);
    bench.claimAsOneWhoDies();
    bench.loseLease(id);
    long before = gauges.takenOver();
    nodes.get(1).start();
    awaitAll(List.of(id), GrantState.ENDED);
    assertEquals(before + 1, gauges.takenOver(), "it is on record that somebody fell silent");
  }

  @Test
  void aStoppingNodeFinishesWhatItHasUnderWay() throws Exception {
    String id = bench.planned();
    PaperConnector.Stall stall = paper.stall("provision", id);
    nodes.get(0).start();
    stall.awaitEntered();
    Thread stopping = new Thread(nodes.get(0)::stop);
    stopping.start();
    stall.release();
    stopping.join(PATIENCE.toMillis());
    assertEquals(GrantState.ACTIVE, bench.state(id));
  }

  @Test
  void aStoppingNodeGivesBackWhatItCannotFinish() {
    String id = bench.handedOut();
    bench.giveBack(id);
    PaperConnector.Stall stall = paper.stall("revoke", id);
    long before = gauges.takenOver();
    nodes.get(0).start();
    stall.awaitEntered();
    nodes.get(0).stop();
    stall.release();
    nodes.get(1).start();
    awaitAll(List.of(id), GrantState.ENDED);
    assertEquals(before, gauges.takenOver(), "nobody fell silent");
    assertEquals(1, bench.history(id).stream().filter("grant-ended"::equals).count());
  }

  @Test
  void whatFailsInCurfewItselfIsSaidTriedAgainAndLoggedWithItsGrant() {
    clearance.broken = true;
    List<String> lines = new CopyOnWriteArrayList<>();
    Logger log = Logger.getLogger(GrantWorker.class.getName());
    Handler handler = jsonInto(lines);
    log.addHandler(handler);
    String id = bench.planned();
    try {
      nodes.get(0).start();
      await().atMost(PATIENCE).until(() -> bench.view(id).problem() != null);
    } finally {
      log.removeHandler(handler);
    }
    GrantView failed = bench.view(id);
    assertEquals(GrantState.PLANNED, failed.state());
    assertTrue(failed.problem().contains("tries again"), failed.problem());
    assertTrue(failed.nextTryAt().isAfter(failed.createdAt()));
    assertTrue(
        lines.stream().anyMatch(line -> line.contains("\"mdc\":{\"grant\":\"" + id + "\"}")),
        lines.toString());

    clearance.broken = false;
    bench.retryNow();
    awaitAll(List.of(id), GrantState.ACTIVE);
  }

  private static Handler jsonInto(List<String> lines) {
    return new ExtHandler() {
      private final Formatter json = new JsonFormatter();

      @Override
      protected void doPublish(ExtLogRecord line) {
        lines.add(json.format(line));
      }
    };
  }

  private long started(List<String> ids) {
    return ids.stream().filter(id -> paper.calls("provision", id) > 0).count();
  }

  private void awaitAll(List<String> ids, GrantState state) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> ids.stream().allMatch(id -> bench.state(id) == state));
  }
}

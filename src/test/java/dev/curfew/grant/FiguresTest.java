package dev.curfew.grant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.boot.Figures;
import dev.curfew.connector.Step;
import dev.curfew.testing.PaperConnector;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Prometheus reads while the trouble is there that the figure is for. */
@QuarkusTest
@TestProfile(OnPaper.class)
class FiguresTest {

  private static final String LIVE = "curfew_grants_stuck{kind=\"live\",target=\"orders-db\"}";
  private static final String LIVE_FOR =
      "curfew_grants_stuck_oldest_seconds{kind=\"live\",target=\"orders-db\"}";
  private static final String LEFTOVER =
      "curfew_grants_stuck{kind=\"leftover\",target=\"orders-db\"}";
  private static final String LEFTOVER_FOR =
      "curfew_grants_stuck_oldest_seconds{kind=\"leftover\",target=\"orders-db\"}";
  private static final String OLDEST = "curfew_revocation_oldest_seconds{target=\"orders-db\"}";
  private static final String WAITING = "curfew_queue_depth{target=\"orders-db\"}";
  private static final String WAITING_FOR = "curfew_queue_oldest_seconds{target=\"orders-db\"}";
  private static final String IN_HAND = "curfew_queue_in_hand{target=\"orders-db\"}";
  private static final String TAKEN_OVER = "curfew_leases_taken_over_total";
  private static final String QUARANTINE = "curfew_quarantine";

  private final Bench bench;
  private final PaperConnector paper;
  private final Figures figures;
  private final Grants grants;
  private final Standing standing;
  private final Quarantine quarantine;
  private final Unseen unseen;

  FiguresTest(
      Bench bench,
      PaperConnector paper,
      Figures figures,
      Grants grants,
      Standing standing,
      Quarantine quarantine,
      Unseen unseen) {
    this.bench = bench;
    this.paper = paper;
    this.figures = figures;
    this.grants = grants;
    this.standing = standing;
    this.quarantine = quarantine;
    this.unseen = unseen;
  }

  @BeforeEach
  @AfterEach
  void clear() {
    unseen.are(List.of());
    bench.clear();
  }

  @Test
  void whatIsStuckAndMayBeLiveIsCountedAsThatAndByTheAgeOfItsEnd() {
    String id = bench.handedOut();
    paper.down(Bench.TARGET);
    bench.giveBack(id);
    workUntilStuck();
    decidedEarlier(id, 130);
    is(1, LIVE);
    is(0, LEFTOVER);
    isSeconds(130, LIVE_FOR);
    isSeconds(130, OLDEST);
  }

  @Test
  void whatIsOnlyLeftOverIsCountedAsThatAndIsNoLateEnd() {
    String id = bench.handedOut();
    paper.failAt(Bench.TARGET, Step.CLEAN);
    bench.giveBack(id);
    workUntilStuck();
    decidedEarlier(id, 4_000);
    is(0, LIVE);
    is(1, LEFTOVER);
    isSeconds(4_000, LEFTOVER_FOR);
    is(0, OLDEST);
  }

  @Test
  void whatWasNeverHandedOutIsNoLateEndEither() {
    String id = bench.active();
    paper.down(Bench.TARGET);
    bench.giveBack(id);
    decidedEarlier(id, 40);
    bench.workOnce();
    is(0, OLDEST);
    workUntilStuck();
    is(0, LIVE);
    is(1, LEFTOVER);
    is(0, OLDEST);
  }

  @Test
  void anEndThatIsStillTriedIsLateAndNotStuck() {
    String id = bench.handedOut();
    paper.down(Bench.TARGET);
    bench.giveBack(id);
    bench.workOnce();
    decidedEarlier(id, 31);
    isSeconds(31, OLDEST);
    is(0, LIVE);
  }

  @Test
  void whatOverstaysAtATargetThatWasNotAskedIsLiveAndClosesIt() {
    String id = bench.handedOut();
    unseen.are(List.of(Bench.TARGET));
    dueEarlier(id, 59);
    bench.workOnce();
    is(0, LIVE);
    isSeconds(59, OLDEST);
    assertTrue(grants.closed(Bench.TARGET).isEmpty());

    dueEarlier(id, 125);
    bench.workOnce();
    GrantView overstays = bench.view(id);
    assertEquals(GrantState.ACTIVE, overstays.state());
    assertTrue(overstays.overstays());
    assertTrue(overstays.mayStillBeLive());
    assertEquals(overstays.dueAt(), overstays.shouldHaveEndedAt());
    is(1, LIVE);
    isSeconds(125, LIVE_FOR);
    isSeconds(125, OLDEST);
    is(0, WAITING);
    assertTrue(grants.closed(Bench.TARGET).isPresent());
    assertEquals(List.of(id), grants.stuck().stream().map(GrantView::id).toList());

    bench.giveBack(id); // what people decide does not wait for the target to be asked
    bench.workOnce();
    assertEquals(GrantState.ENDED, bench.state(id));
    assertFalse(bench.view(id).mayStillBeLive());
    assertTrue(grants.closed(Bench.TARGET).isEmpty());
    assertEquals(List.of(), grants.stuck());
  }

  @Test
  void whatWasNeverPickedUpDoesNotOverstay() {
    String id = bench.active();
    unseen.are(List.of(Bench.TARGET));
    dueEarlier(id, 125);
    bench.workOnce();
    assertEquals(GrantState.ACTIVE, bench.state(id));
    assertFalse(bench.view(id).overstays());
    is(0, LIVE);
    is(0, OLDEST);
    assertTrue(grants.closed(Bench.TARGET).isEmpty());
  }

  @Test
  void inAQuarantineAnEndThatOnlyThisStoreKnowsIsNoTrouble() {
    String id = bench.handedOut();
    unseen.are(List.of(Bench.TARGET));
    is(0, QUARANTINE);
    standing.begin("a test", standing.state().generation());
    dueEarlier(id, 125);
    bench.workOnce();
    is(1, QUARANTINE);
    is(0, LIVE);
    is(0, OLDEST);
    assertFalse(bench.view(id).overstays());
    assertEquals(List.of(), grants.stuck());

    quarantine.end(Bench.ADMIN, Bench.PROOF);
    is(0, QUARANTINE);
    is(1, LIVE);
    isSeconds(125, OLDEST);
  }

  @Test
  void callsThatWaitAreCountedFromWhenTheyWereDueAndThoseInHandApart() {
    String id = bench.handedOut();
    bench.giveBack(id);
    bench.sql("update access_grant set next_at = next_at - interval '70 s' where id = ?1", id);
    is(1, WAITING);
    isSeconds(70, WAITING_FOR);
    is(0, IN_HAND);

    bench.claimAsOneWhoDies();
    is(0, WAITING);
    is(0, WAITING_FOR);
    is(1, IN_HAND);
  }

  @Test
  void aCallTakenOverIsCounted() {
    double before = figures.of(TAKEN_OVER);
    String id = bench.handedOut();
    bench.giveBack(id);
    bench.claimAsOneWhoDies();
    bench.loseLease(id);
    bench.workOnce();
    is(before + 1, TAKEN_OVER);
  }

  @Test
  void howLateAnEndWasIsSortedByItsLastSession() {
    String id = bench.handedOut();
    double all = figures.of(dead("count", ""));
    double inTime = figures.of(dead("bucket", ",le=\"15.0\""));
    double within30 = figures.of(dead("bucket", ",le=\"30.0\""));
    bench.giveBack(id);
    decidedEarlier(id, 20);
    bench.workOnce();
    assertEquals(GrantState.ENDED, bench.state(id));
    is(all + 1, dead("count", ""));
    is(inTime, dead("bucket", ",le=\"15.0\""));
    is(within30 + 1, dead("bucket", ",le=\"30.0\""));
  }

  private static String dead(String part, String bound) {
    return "curfew_revocation_dead_seconds_%s{target=\"orders-db\"%s}".formatted(part, bound);
  }

  private void is(double expected, String series) {
    assertEquals(expected, figures.of(series), series);
  }

  /** So many seconds ago, and the little that the test took. */
  private void isSeconds(double expected, String series) {
    assertEquals(expected + 15, figures.of(series), 15, series);
  }

  private void decidedEarlier(String id, int seconds) {
    bench.sql(
        "update access_grant set ending_at = ending_at - make_interval(secs => ?2) where id = ?1",
        id,
        seconds);
  }

  private void dueEarlier(String id, int seconds) {
    bench.sql(
        "update access_grant set due_at = clock_timestamp() - make_interval(secs => ?2)"
            + " where id = ?1",
        id,
        seconds);
  }

  private void workUntilStuck() {
    for (int i = 0; i < 5; i++) {
      bench.workAgain();
    }
  }
}

package dev.curfew.journey;

import static dev.curfew.journey.Story.done;
import static dev.curfew.journey.Story.leftAtTarget;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.Clocks;
import dev.curfew.account.Person;
import dev.curfew.boot.Figures;
import dev.curfew.testing.Cast;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A store whose clock was an hour ahead and is set right under running grants. */
@Journey
class ClockTest {

  private static final String BEHIND = "curfew_clock_skew_seconds{kind=\"behind\"}";

  @Inject Story story;
  @Inject Cast cast;
  @Inject Clocks clocks;
  @Inject Figures figures;

  @AfterEach
  void leaveNoTrace() {
    cast.run(
        "update store_clock set mark = clock_timestamp(), accepted = accepted + 1 where ?", true);
    clocks.refresh();
  }

  /** The store's clock is back, the mark remembers where it had been. */
  private void clockWasAheadBy(Duration ahead) {
    cast.run("update store_clock set mark = mark + make_interval(secs => ?)", ahead.toSeconds());
    clocks.refresh();
    assertTrue(clocks.skew().behind().compareTo(ahead.minusSeconds(5)) > 0);
  }

  @Test
  void nothingNewIsGivenEndsGoOnAndAnAdministratorAcceptsTheClock() throws SQLException {
    Person erin = story.engineer("Erin");
    Person ann = story.approver("Ann");
    Person ada = story.person("Ada", List.of("administrators"));
    String open = story.provisioned(erin, ann, "orders-db/read-only");
    String given = story.provisioned(erin, ann, "orders-db/read-write");
    story.pickUp(erin, given);
    Instant end = Instant.parse(story.grant(erin, given).getString("dueAt"));

    clockWasAheadBy(Duration.ofMinutes(10));
    assertEquals(600, figures.of(BEHIND), 5);
    assertEquals(0, figures.of("curfew_node_ready"));

    Response refused = story.prove(erin, "/grants/" + open + "/pick-up", Map.of());
    assertEquals(503, refused.statusCode(), refused.asString());
    assertTrue(
        refused.jsonPath().getString("detail").contains("behind the time it had"),
        refused.asString());
    String waiting = story.approve(ann, story.ask(story.engineer("Emil"), "orders-db/read-only"));
    await()
        .atMost(Story.PATIENCE)
        .untilAsserted(
            () ->
                assertTrue(
                    String.valueOf(story.grant(ada, waiting).getString("problem"))
                        .contains("no access is given while clocks differ")));
    assertEquals("PLANNED", story.grant(ada, waiting).getString("state"));

    done(story.post(erin, "/grants/" + open + "/give-back", Map.of()), 200);
    story.awaitState(erin, open, "ENDED");
    assertEquals(0, leftAtTarget(open));

    done(story.prove(erin, "/clock/accept", Map.of()), 403);
    done(story.prove(ada, "/clock/accept", Map.of()), 200);

    Instant moved = Instant.parse(story.grant(erin, given).getString("dueAt"));
    assertEquals(
        600, Duration.between(moved, end).toSeconds(), 10, "what was left of it is still left");
    assertEquals("ACTIVE", story.grant(erin, given).getString("state"));
    assertEquals(0, clocks.skew().behind().toSeconds());
    assertEquals(0, figures.of(BEHIND), 1);
    story.awaitState(ada, waiting, "ACTIVE");
    assertNull(story.grant(ada, waiting).getString("problem"));
    await()
        .atMost(Story.PATIENCE)
        .until(
            () ->
                done(story.get(ada, "/history"), 200)
                    .getList("items.kind")
                    .contains("clock-accepted"));
    assertEquals(409, story.prove(ada, "/clock/accept", Map.of()).statusCode());
  }

  @Test
  void aTimeThatJumpsForwardEndsWhatIsOverByIt() throws SQLException {
    Person erin = story.engineer("Erin");
    String grant = story.provisioned(erin, story.approver("Ann"), "orders-db/read-only");
    story.pickUp(erin, grant);

    clockWasAheadBy(Duration.ofHours(1));

    assertEquals("EXPIRED", story.awaitState(erin, grant, "ENDED").getString("endReason"));
    assertEquals(0, leftAtTarget(grant));
  }
}

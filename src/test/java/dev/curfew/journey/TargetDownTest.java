package dev.curfew.journey;

import static dev.curfew.journey.Story.enter;
import static dev.curfew.journey.Story.leftAtTarget;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.account.Person;
import dev.curfew.boot.DemoServers;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The target does not answer when it is needed: nothing is lost and nothing is guessed. */
@Journey
class TargetDownTest {

  @Inject Story story;

  @AfterEach
  void theTargetIsBack() {
    DemoServers.targetIsUp(true);
    Person root = story.person("Root", List.of("administrators"));
    Story.done(story.post(root, "/targets/orders-db/check", Map.of()), 200);
  }

  @Test
  void aGrantWaitsForTheTargetAndSaysSo() throws SQLException {
    Person erin = story.engineer("Erin");
    Person ann = story.approver("Ann");
    String request = story.ask(erin, "orders-db/read-only");
    DemoServers.targetIsUp(false);

    String grant = story.approve(ann, request);
    await()
        .atMost(Story.PATIENCE)
        .untilAsserted(
            () -> {
              var waiting = story.grant(erin, grant);
              assertTrue(
                  String.valueOf(waiting.getString("problem"))
                      .startsWith("orders-db did not answer"),
                  waiting.getString("problem"));
              assertNotNull(waiting.getString("nextTryAt"));
            });

    DemoServers.targetIsUp(true);
    story.awaitState(erin, grant, "ACTIVE");
    enter(story.pickUp(erin, grant)).close();
  }

  @Test
  void anEndIsSaidToBeOpenUntilTheTargetProvesItOver() throws SQLException {
    Person erin = story.engineer("Erin");
    String grant = story.provisioned(erin, story.approver("Ann"), "orders-db/read-only");
    story.pickUp(erin, grant);
    DemoServers.targetIsUp(false);

    story.endsNow(grant);
    var stuck = awaitStuck(erin, grant);
    assertTrue(stuck.getBoolean("stuckLive"), "a secret was handed out and nothing proves it dead");

    DemoServers.targetIsUp(true);
    assertEquals("EXPIRED", story.awaitState(erin, grant, "ENDED").getString("endReason"));
    assertEquals(0, leftAtTarget(grant));
  }

  private io.restassured.path.json.JsonPath awaitStuck(Person person, String grant) {
    await()
        .atMost(Story.PATIENCE.multipliedBy(3))
        .untilAsserted(() -> assertEquals("STUCK", story.grant(person, grant).getString("state")));
    return story.grant(person, grant);
  }
}

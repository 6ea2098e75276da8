package dev.curfew.journey;

import static dev.curfew.journey.Story.atTarget;
import static dev.curfew.journey.Story.done;
import static dev.curfew.journey.Story.enter;
import static dev.curfew.journey.Story.leftAtTarget;
import static dev.curfew.journey.Story.value;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.account.Person;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every way out but the window's own end: deny, give back, revoke now, the person disabled. */
@Journey
class EndingsTest {

  @Inject Story story;

  @Test
  void aDeniedRequestSaysWhyAndOpensNothing() {
    Person erin = story.engineer("Erin");
    String request = story.ask(erin, "orders-db/read-only");

    done(story.vote(story.approver("Ann"), request, "DENY", "use the replica"), 200);

    var read = done(story.get(erin, "/requests/" + request), 200);
    assertEquals("DENIED", read.getString("state"));
    assertTrue(read.getString("outcome").contains("use the replica"), read.getString("outcome"));
    assertNull(read.getString("grant"));
  }

  @Test
  void aGrantGivenBackIsOverAtOnce() throws SQLException {
    Person erin = story.engineer("Erin");
    String grant = story.provisioned(erin, story.approver("Ann"), "orders-db/read-only");
    try (Connection session = enter(story.pickUp(erin, grant))) {
      done(story.post(erin, "/grants/" + grant + "/give-back", Map.of()), 200);
      assertEquals("GIVEN_BACK", story.awaitState(erin, grant, "ENDED").getString("endReason"));
      assertThrows(SQLException.class, () -> value(session, "select 1"));
    }
    assertEquals(0, leftAtTarget(grant));
  }

  @Test
  void anApproverRevokesNowAndEvenAQueryUnderWayIsCut() throws Exception {
    Person erin = story.engineer("Erin");
    Person ann = story.approver("Ann");
    String grant = story.provisioned(erin, ann, "orders-db/read-only");
    Connection session = enter(story.pickUp(erin, grant));
    Thread query =
        new Thread(
            () -> assertThrows(SQLException.class, () -> value(session, "select pg_sleep(600)")));
    query.start();

    done(
        story.post(ann, "/grants/" + grant + "/revoke", Map.of("note", "the incident is over")),
        200);

    assertEquals("REVOKED", story.awaitState(erin, grant, "ENDED").getString("endReason"));
    query.join(Story.PATIENCE.toMillis());
    assertEquals(Thread.State.TERMINATED, query.getState(), "the query went on");
    assertEquals(0, leftAtTarget(grant));
  }

  @Test
  void aStrangerCannotEndWhatIsNotTheirs() {
    Person erin = story.engineer("Erin");
    String grant = story.provisioned(erin, story.approver("Ann"), "orders-db/read-only");
    Person eve = story.engineer("Eve");

    for (String act : List.of("/give-back", "/revoke", "/pick-up")) {
      Response answer = story.prove(eve, "/grants/" + grant + act, Map.of());
      assertTrue(List.of(400, 404).contains(answer.statusCode()), act + answer.asString());
    }
    assertEquals("ACTIVE", story.grant(erin, grant).getString("state"));
  }

  @Test
  void disablingAPersonEndsEverythingOfTheirsInOneAct() throws SQLException {
    Person erin = story.engineer("Erin");
    Person ann = story.approver("Ann");
    Person root = story.person("Root", List.of("administrators"));
    String grant = story.provisioned(erin, ann, "orders-db/read-only");
    String open = story.ask(erin, "orders-db/migration");
    try (Connection session = enter(story.pickUp(erin, grant))) {
      done(story.prove(root, "/people/" + erin.id() + "/disable", Map.of()), 204);

      assertEquals(401, story.get(erin, "/requests").statusCode());
      assertEquals("REVOKED", story.awaitState(root, grant, "ENDED").getString("endReason"));
      assertThrows(SQLException.class, () -> value(session, "select 1"));
    }
    assertEquals("CANCELLED", done(story.get(root, "/requests/" + open), 200).getString("state"));
    assertEquals(0, leftAtTarget(grant));
  }

  @Test
  void twoPeopleWithOneEntitlementDoNotTouchEachOther() throws SQLException {
    Person erin = story.engineer("Erin");
    Person emil = story.engineer("Emil");
    Person ann = story.approver("Ann");
    String hers = story.provisioned(erin, ann, "orders-db/read-only");
    String his = story.provisioned(emil, ann, "orders-db/read-only");
    try (Connection session = enter(story.pickUp(emil, his))) {
      done(story.post(erin, "/grants/" + hers + "/give-back", Map.of()), 200);
      story.awaitState(erin, hers, "ENDED");

      assertTrue(Long.parseLong(value(session, "select count(*) from orders")) > 0);
      assertEquals("ACTIVE", story.grant(emil, his).getString("state"));
      assertEquals(
          "1", atTarget("select count(*) from pg_roles where rolname like '%" + his + "'"));
    }
  }
}

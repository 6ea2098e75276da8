package dev.curfew.journey;

import static dev.curfew.journey.Story.enter;
import static dev.curfew.journey.Story.leftAtTarget;
import static dev.curfew.journey.Story.value;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.account.Person;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Ask, agree, enter, and be out when the window ends. */
@Journey
class SelfServeTest {

  @Inject Story story;

  @Test
  void anEngineerIsInForTheWindowAndOutAtItsEnd() throws SQLException {
    Person erin = story.engineer("Erin");
    Person ann = story.approver("Ann");
    String grant = story.provisioned(erin, ann, "orders-db/read-only");

    Map<String, String> handed = story.pickUp(erin, grant);
    assertFalse(handed.get("psql").contains(handed.get("password")), handed.get("psql"));
    assertFalse(handed.get("jdbc").contains(handed.get("password")), handed.get("jdbc"));

    try (Connection session = enter(handed)) {
      assertTrue(Long.parseLong(value(session, "select count(*) from orders")) > 1_000);
      assertThrows(SQLException.class, () -> value(session, "delete from orders returning 1"));

      story.endsNow(grant);
      JsonPath ended = story.awaitState(erin, grant, "ENDED");

      assertEquals("EXPIRED", ended.getString("endReason"));
      assertFalse(ended.getList("proof").isEmpty(), "an end without its proof");
      assertThrows(SQLException.class, () -> value(session, "select 1"));
    }
    assertThrows(SQLException.class, () -> enter(handed));
    assertEquals(0, leftAtTarget(grant));
    assertEquals(409, story.prove(erin, "/grants/" + grant + "/pick-up", Map.of()).statusCode());

    List<String> moments = story.moments(erin, grant);
    assertTrue(
        moments.containsAll(
            List.of("grant-opened", "grant-provisioned", "secret-issuing", "secret-shown")),
        moments.toString());
    assertEquals("grant-ended", moments.get(moments.size() - 2), moments.toString());
    assertEquals("refused", moments.get(moments.size() - 1), "the pick-up after the end");
  }

  @Test
  void askingForThePasswordAgainMakesANewOneAndMovesNothing() throws SQLException {
    Person erin = story.engineer("Erin");
    String grant = story.provisioned(erin, story.approver("Ann"), "orders-db/read-only");

    Map<String, String> first = story.pickUp(erin, grant);
    String due = story.grant(erin, grant).getString("dueAt");
    Map<String, String> second = story.pickUp(erin, grant);

    assertEquals(due, story.grant(erin, grant).getString("dueAt"));
    assertThrows(SQLException.class, () -> enter(first), "the first password still opens");
    enter(second).close();
  }
}

package dev.curfew.journey;

import static dev.curfew.journey.Story.done;
import static dev.curfew.journey.Story.leftAtTarget;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.account.Person;
import dev.curfew.boot.Figures;
import dev.curfew.testing.Browser;
import dev.curfew.testing.Cast;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Access past its end that nobody takes away: everybody who looks gets to know. */
@Journey
class OverstayTest {

  @Inject Story story;
  @Inject Cast cast;
  @Inject Figures figures;

  @AfterEach
  void takenAwayAgain() {
    cast.run("drop trigger if exists test_overstay on access_grant");
    cast.run("drop function if exists test_overstay()");
  }

  @Test
  void itIsRedOnEveryPageAndItsTargetTakesNoNewGrants() throws SQLException {
    Person erin = story.engineer("Erin");
    Person ada = story.person("Ada", List.of("administrators"));
    String grant = story.provisioned(erin, story.approver("Ann"), "orders-db/read-only");
    story.pickUp(erin, grant);
    nobodyTakesAnythingAway();
    cast.run(
        "update access_grant set due_at = clock_timestamp() - interval '2 min' where id = ?",
        grant);

    Browser browser = Browser.signedIn(cast, ada);
    says(browser, "/admin/operations", "orders-db: a grant may still be live, 2 min ");
    says(browser, "/admin/operations", "Nobody takes it away yet: since Curfew started");
    says(browser, "/admin/stuck", grant);
    says(browser, "/admin/stuck", "It is past its end and nobody takes it away yet");
    says(browser, "/admin/stuck", "Open or revoke");
    says(browser, "/grants/" + grant, "Access may still be live since");
    says(browser, "/grants/" + grant, "Revoke now");
    says(Browser.signedIn(cast, erin), "/", "may still be live");
    assertEquals(
        List.of(grant), done(story.get(ada, "/grants?box=STUCK"), 200).getList("items.id"));
    assertTrue(story.grant(erin, grant).getBoolean("stuckLive"));
    assertEquals(1, figures.of("curfew_grants_stuck{kind=\"live\",target=\"orders-db\"}"));
    Response ask =
        story.prove(
            story.engineer("Eve"),
            "/requests",
            Map.of("entitlement", "orders-db/read-only", "window", 30, "reason", "a look"));
    assertEquals("target-closed", ask.jsonPath().getString("code"), ask.asString());

    takenAwayAgain();
    assertEquals("EXPIRED", story.awaitState(erin, grant, "ENDED").getString("endReason"));
    assertEquals(0, leftAtTarget(grant));
    says(browser, "/admin/stuck", "Nothing is stuck");
    assertEquals(0, figures.of("curfew_grants_stuck{kind=\"live\",target=\"orders-db\"}"));
  }

  /** As at a target that cannot be asked: no end by time is decided. */
  private void nobodyTakesAnythingAway() {
    cast.run(
        """
        create function test_overstay() returns trigger language plpgsql as $$
        begin
          raise exception 'not now';
        end $$
        """);
    cast.run(
        """
        create trigger test_overstay before update on access_grant
        for each row when (new.end_reason = 'EXPIRED') execute function test_overstay()
        """);
  }

  private static void says(Browser browser, String path, String words) {
    String page = browser.get(path).asString();
    assertTrue(page.contains(words), path + " does not say: " + words + "\n" + page);
  }
}

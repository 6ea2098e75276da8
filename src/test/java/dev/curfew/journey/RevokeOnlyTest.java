package dev.curfew.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.account.Person;
import dev.curfew.catalog.RevokeOnly;
import dev.curfew.testing.Browser;
import dev.curfew.testing.Cast;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A bad file stops the giving and never the taking away. */
@Journey
class RevokeOnlyTest {

  private static final String WRONG = "curfew.packs.dirs names no folder of packs and rules";

  private final Story story;
  private final Cast cast;
  private final RevokeOnly mode;

  RevokeOnlyTest(Story story, Cast cast, RevokeOnly mode) {
    this.story = story;
    this.cast = cast;
    this.mode = mode;
  }

  @AfterEach
  void mended() {
    mode.found(List.of());
  }

  @Test
  void nothingIsGiven() {
    Person erin = story.engineer("Erin");
    Person ann = story.approver("Ann");
    String request = story.ask(erin, "orders-db/read-write");
    String shown = Story.done(story.get(ann, "/requests/" + request), 200).getString("shown");
    String grant = story.provisioned(erin, ann, "orders-db/read-only");
    mode.found(List.of(WRONG));

    Map<String, Object> ask =
        Map.of("entitlement", "orders-db/migration", "window", 30, "reason", "to see");
    refused(story.prove(erin, "/requests", ask));
    refused(story.post(erin, "/requests/forecast", ask));
    refused(
        story.prove(
            ann,
            "/requests/" + request + "/votes",
            Map.of("choice", "APPROVE", "reason", "fine", "shown", shown)));
    refused(story.prove(erin, "/grants/" + grant + "/pick-up", Map.of()));
    refused(story.get(erin, "/catalog"));
    refused(story.get(erin, "/catalog/orders-db/read-only"));
  }

  @Test
  void everythingIsTakenAwayAndSeen() {
    Person erin = story.engineer("Erin");
    Person ann = story.approver("Ann");
    Person ada = story.person("Ada", List.of("administrators", "auditors"));
    String given = story.provisioned(erin, ann, "orders-db/read-only");
    Person otto = story.engineer("Otto");
    String taken = story.provisioned(otto, ann, "orders-db/read-only");
    Person paul = story.engineer("Paul");
    String lost = story.provisioned(paul, ann, "orders-db/read-only");
    mode.found(List.of(WRONG));

    Browser.signedIn(cast, erin);
    assertEquals(200, story.post(erin, "/grants/" + given + "/give-back", Map.of()).statusCode());
    assertEquals(
        200, story.post(ada, "/grants/" + taken + "/revoke", Map.of("note", "now")).statusCode());
    Response disabled = story.prove(ada, "/people/" + paul.id() + "/disable", Map.of());
    assertEquals(2, disabled.statusCode() / 100, disabled.asString());
    story.awaitState(erin, given, "ENDED");
    story.awaitState(otto, taken, "ENDED");
    story.awaitState(ada, lost, "ENDED");

    Response attested =
        story.prove(ada, "/grants/" + taken + "/attest", Map.of("note", "looked myself"));
    assertEquals(409, attested.statusCode(), attested.asString());
    Response accepted = story.prove(ada, "/packs/" + "0".repeat(64) + "/accept", Map.of());
    assertNotEquals(503, accepted.statusCode(), accepted.asString());
    assertEquals(200, story.get(ada, "/packs").statusCode());
    assertEquals(200, story.get(ada, "/history").statusCode());
    assertEquals(200, story.get(ada, "/history/export.csv").statusCode());
    assertEquals(200, story.get(erin, "/requests").statusCode());
    assertEquals(200, story.get(erin, "/grants").statusCode());
  }

  @Test
  void everyPageSaysSoAndAnAdministratorsWhy() {
    Person erin = story.engineer("Erin");
    Person ada = story.person("Ada", List.of("administrators"));
    mode.found(List.of(WRONG));

    String engineers = Browser.signedIn(cast, erin).get("/").asString();
    assertTrue(engineers.contains("only takes access away"), engineers);
    assertTrue(!engineers.contains(WRONG), "what is wrong is not everybody's business");
    String administrators = Browser.signedIn(cast, ada).get("/").asString();
    assertTrue(administrators.contains(WRONG), administrators);
  }

  @Test
  void aHistoryThatIsNotNumberedIsSaidOnEveryPageOfWhoReadsIt() {
    Person uma = story.person("Uma", List.of("auditors"));
    Browser browser = Browser.signedIn(cast, uma);
    assertTrue(!browser.get("/").asString().contains("waited for their number"));
    try {
      // an entry that has its number cannot get another: all behind it wait
      cast.run(
          "insert into audit_outbox (entry_id, at) select entry_id, clock_timestamp() - interval '1"
              + " minute' from audit_index limit 1");
      assertTrue(browser.get("/").asString().contains("waited for their number"));
    } finally {
      cast.run("delete from audit_outbox where entry_id in (select entry_id from audit_index)");
    }
  }

  private static void refused(Response answer) {
    assertEquals(503, answer.statusCode(), answer.asString());
    assertEquals("revoke-only", answer.jsonPath().getString("code"));
  }
}

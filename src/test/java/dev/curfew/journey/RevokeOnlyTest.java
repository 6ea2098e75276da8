package dev.curfew.journey;

import static java.util.stream.Collectors.joining;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.account.Person;
import dev.curfew.boot.DemoServers;
import dev.curfew.catalog.RevokeOnly;
import dev.curfew.mfa.Hashes;
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
    DemoServers.targetIsUp(true);
    Person root = story.person("Root", List.of("administrators"));
    Story.done(story.post(root, "/targets/orders-db/check", Map.of()), 200);
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
  void whatIsStuckIsAttestedWithAProofByASettledAdministrator() {
    Person erin = story.engineer("Erin");
    Person ada = story.person("Ada", List.of("administrators"));
    String grant = story.provisioned(erin, story.approver("Ann"), "orders-db/read-only");
    mode.found(List.of(WRONG));
    DemoServers.targetIsUp(false);
    assertEquals(
        200, story.post(ada, "/grants/" + grant + "/revoke", Map.of("note", "now")).statusCode());
    cast.run(
        "update access_grant set ending_at = ending_at - interval '5 minutes' where id = ?", grant);
    story.awaitState(ada, grant, "STUCK");

    String path = "/grants/" + grant + "/attest";
    Map<String, String> note = Map.of("note", "the server is scrap");
    assertEquals(401, story.post(ada, path, note).statusCode(), "no proof");
    cast.run("update totp set trusted_since = clock_timestamp() where person = ?", ada.id());
    Response held = story.prove(ada, path, note);
    assertEquals(403, held.statusCode(), held.asString());
    cast.run("update totp set trusted_since = 'epoch' where person = ?", ada.id());
    Response attested = story.prove(ada, path, note);
    assertEquals(200, attested.statusCode(), attested.asString());
    assertEquals("ENDED", attested.jsonPath().getString("state"));
    List<String> words =
        story.grant(ada, grant).getList("timeline.findAll { it.kind == 'grant-attested' }.words");
    assertEquals(List.of("Ada attested that the access is gone; code, not bound"), words);
  }

  @Test
  void packsAndRulesAreAcceptedWithAProofByASettledAdministrator() {
    Person ada = story.person("Ada", List.of("administrators"));
    String before = Story.done(story.get(ada, "/packs"), 200).getString("accepted.digest");
    String proposed = proposedByAnotherNode();
    mode.found(List.of(WRONG));

    String path = "/packs/" + proposed + "/accept";
    assertEquals(401, story.post(ada, path, Map.of()).statusCode(), "no proof");
    cast.run("update totp set trusted_since = clock_timestamp() where person = ?", ada.id());
    Response held = story.prove(ada, path, Map.of());
    assertEquals(403, held.statusCode(), held.asString());
    cast.run("update totp set trusted_since = 'epoch' where person = ?", ada.id());
    Response accepted = story.prove(ada, path, Map.of());
    assertEquals(200, accepted.statusCode(), accepted.asString());
    assertEquals(proposed, accepted.jsonPath().getString("accepted.digest"));
    Story.done(story.prove(ada, "/packs/" + before + "/accept", Map.of()), 200);

    String mine = "/history?kind=snapshot-accepted&person=" + ada.id();
    await()
        .atMost(Story.PATIENCE)
        .untilAsserted(
            () ->
                assertEquals(
                    List.of(before, proposed),
                    story.get(ada, mine).jsonPath().getList("items.body.digest")));
    assertEquals(
        List.of("code, not bound", "code, not bound"),
        story.get(ada, mine).jsonPath().getList("items.proof"));
  }

  /** The same files under another digest, as a node with one more comment in them has them. */
  private String proposedByAnotherNode() {
    String digest =
        Hashes.secret().chars().mapToObj(c -> "%02x".formatted(c)).limit(32).collect(joining());
    cast.run("insert into snapshot values (?, clock_timestamp())", digest);
    cast.run(
        "insert into snapshot_file select ?, name, content || E'\\n# more\\n' from snapshot_file"
            + " where digest = (select digest from snapshot_acceptance order by n desc limit 1)",
        digest);
    cast.run("insert into snapshot_proposal values ('node-2', ?, clock_timestamp())", digest);
    return digest;
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

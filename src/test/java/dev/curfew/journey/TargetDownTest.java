package dev.curfew.journey;

import static dev.curfew.journey.Story.enter;
import static dev.curfew.journey.Story.leftAtTarget;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.account.Person;
import dev.curfew.boot.DemoServers;
import dev.curfew.testing.Browser;
import dev.curfew.testing.Cast;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The target does not answer when it is needed: nothing is lost and nothing is guessed. */
@Journey
class TargetDownTest {

  @Inject Story story;
  @Inject Cast cast;
  @Inject DataSource store;

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
              assertEquals("orders-db did not answer", waiting.getString("problem"));
              assertNotNull(waiting.getString("nextTryAt"));
            });
    String where = ":" + DemoServers.targetPort();
    assertFalse(
        story.get(erin, "/grants/" + grant).asString().contains(where),
        "where the broker connects is for administrators");
    String page = Browser.signedIn(cast, erin).get("/grants/" + grant).asString();
    assertTrue(page.contains("orders-db did not answer"), page);
    assertFalse(page.contains(where), page);
    Person ada = story.person("Ada", List.of("administrators"));
    String detail = story.grant(ada, grant).getString("problemDetail");
    assertTrue(detail.startsWith("orders-db did not answer: "), detail);
    assertTrue(detail.contains(where), detail);
    JsonPath closed = Story.done(story.post(ada, "/targets/orders-db/check", Map.of()), 200);
    assertEquals("orders-db did not answer", closed.getString("closed"));
    assertTrue(closed.getString("closedDetail").contains(where), closed.prettify());

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

  @Test
  void anotherServerIsAskedForNothingUntilAnAdministratorAcceptsIt() throws SQLException {
    Person erin = story.engineer("Erin");
    Person ada = story.person("Ada", List.of("administrators"));
    String grant = story.provisioned(erin, story.approver("Ann"), "orders-db/read-only");
    enter(story.pickUp(erin, grant)).close();
    String real = text("select server from target_server");
    assertEquals(1, number("select count(*) from audit_entry where kind = 'server-pinned'"));

    // as if what is there now had taken the place of the server that is known
    cast.run("update target_server set server = '7000000000000000001'");
    JsonPath closed = Story.done(story.post(ada, "/targets/orders-db/check", Map.of()), 200);
    assertFalse(closed.getBoolean("open"));
    assertTrue(closed.getString("closed").contains("not the server"), closed.prettify());
    assertTrue(closed.getString("closedDetail").contains(real), closed.prettify());
    assertEquals(real, closed.getString("otherServer"));
    Response ask =
        story.prove(
            story.engineer("Eve"),
            "/requests",
            Map.of("entitlement", "orders-db/read-only", "window", 30, "reason", "a look"));
    assertEquals("target-closed", ask.jsonPath().getString("code"), ask.asString());
    Story.done(story.post(erin, "/grants/" + grant + "/give-back", Map.of()), 200);
    story.awaitState(erin, grant, "ENDED");
    assertEquals(0, leftAtTarget(grant), "what was planned on a server is ended on that one");

    String path = "/targets/orders-db/server";
    assertEquals(403, story.prove(erin, path, Map.of("server", real)).statusCode());
    assertEquals(409, story.prove(ada, path, Map.of("server", "1")).statusCode());
    assertEquals(401, story.post(ada, path, Map.of("server", real)).statusCode());
    String page = Browser.signedIn(cast, ada).get("/admin/targets").asString();
    assertTrue(page.contains("data-act=\"server-accept\""), page);
    assertTrue(page.contains(real), page);

    JsonPath open = Story.done(story.prove(ada, path, Map.of("server", real)), 200);
    assertTrue(open.getBoolean("open"), open.prettify());
    assertNull(open.getString("otherServer"));
    assertEquals(1, number("select count(*) from audit_entry where kind = 'server-changed'"));
    assertEquals(1, number("select count(*) from audit_entry where kind = 'server-accepted'"));
  }

  @Test
  void aServerThatWasRestoredTakesNothingNewUntilAnAdministratorAcceptsIt() throws SQLException {
    Person ada = story.person("Ada", List.of("administrators"));
    String server = text("select server from target_server");
    // as if it had been told more of the history than it remembers
    cast.run(
        "insert into target_witness (target, seen_at, server, told_generation, told_n, put_back)"
            + " values ('orders-db', now(), '"
            + server
            + "', 1, 999999, true) on conflict (target) do update set put_back = true,"
            + " server = excluded.server, told_n = excluded.told_n");
    JsonPath closed = Story.done(story.post(ada, "/targets/orders-db/check", Map.of()), 200);
    assertTrue(closed.getString("closed").contains("remembers less of Curfew"), closed.prettify());
    assertEquals(server, closed.getString("otherServer"));
    Response ask =
        story.prove(
            story.engineer("Eve"),
            "/requests",
            Map.of("entitlement", "orders-db/read-only", "window", 30, "reason", "a look"));
    assertEquals("target-closed", ask.jsonPath().getString("code"), ask.asString());
    String page = Browser.signedIn(cast, ada).get("/admin/targets").asString();
    assertTrue(page.contains("Accept server " + server), page);

    String path = "/targets/orders-db/server";
    assertEquals(401, story.post(ada, path, Map.of("server", server)).statusCode());
    JsonPath open = Story.done(story.prove(ada, path, Map.of("server", server)), 200);
    assertTrue(open.getBoolean("open"), open.prettify());
    assertNull(open.getString("otherServer"));
    assertEquals(409, story.prove(ada, path, Map.of("server", server)).statusCode());
  }

  private int number(String query) throws SQLException {
    return Integer.parseInt(text(query));
  }

  private String text(String query) throws SQLException {
    try (Connection connection = store.getConnection();
        ResultSet rows = connection.createStatement().executeQuery(query)) {
      rows.next();
      return rows.getString(1);
    }
  }

  private io.restassured.path.json.JsonPath awaitStuck(Person person, String grant) {
    await()
        .atMost(Story.PATIENCE.multipliedBy(3))
        .untilAsserted(() -> assertEquals("STUCK", story.grant(person, grant).getString("state")));
    return story.grant(person, grant);
  }
}

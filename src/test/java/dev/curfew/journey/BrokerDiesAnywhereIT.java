package dev.curfew.journey;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.Ids;
import dev.curfew.boot.Packaged;
import dev.curfew.mfa.Hashes;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The packaged process is really stopped at every named point of making, handing out and taking
 * away, started again with no point armed, and what it left half done becomes whole: the grant is
 * usable, or gone with proof. Only then is the next point armed, in the process that runs: one
 * start for each death. Nothing is asked of the dead process; what is at the target is read from
 * the target.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BrokerDiesAnywhereIT {

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Packaged curfew = new Packaged("dies-anywhere").withLentPrograms();
  private final Map<String, String> tokens = new HashMap<>();
  private final Path armed = Path.of("target", "dies-anywhere.point").toAbsolutePath();

  @BeforeAll
  void start() throws IOException {
    arm("");
    curfew.start(Map.of("curfew.failpoint", "@" + armed));
    for (String user : List.of("erin", "ann")) {
      tokens.put(user, token(user));
    }
  }

  @AfterAll
  void stop() {
    curfew.close();
  }

  private static final List<String> MAKING =
      List.of(
          "provision.claimed",
          "provision.before-begin-commit",
          "provision.before-call",
          "provision.after-call",
          "provision.before-settle-commit",
          "provision.after-settle-commit");

  private static final List<String> HANDING_OUT =
      List.of(
          "pickup.before-lease-commit",
          "pickup.before-call",
          "pickup.after-call",
          "pickup.before-shown-commit",
          "pickup.after-shown-commit");

  private static final List<String> TAKING_AWAY =
      List.of(
          "end.before-commit",
          "revoke.claimed",
          "revoke.before-call",
          "revoke.before-block-commit",
          "revoke.after-block-commit",
          "revoke.before-kill-commit",
          "revoke.after-kill-commit",
          "revoke.before-clean-commit",
          "revoke.after-clean-commit",
          "revoke.after-call",
          "revoke.after-verify",
          "revoke.before-settle-commit",
          "revoke.after-settle-commit");

  /** One life of a grant for each way of ending; each start is the recovery from a death. */
  @Test
  void whereverItIsStoppedWhatWasBegunIsFinished() throws SQLException, IOException {
    for (int i = 0; i < TAKING_AWAY.size(); i++) {
      String making = i < MAKING.size() ? MAKING.get(i) : "";
      String handing = i < HANDING_OUT.size() ? HANDING_OUT.get(i) : "";
      String taking = TAKING_AWAY.get(i);
      String grant = made(making);
      Map<String, String> handed = handedOut(grant, handing);
      try (Connection session = enter(handed)) {
        assertEquals("1", text(session, "select 1"), handing);
        assertEquals(1, rolesOf(grant), handing);
        diesAt(taking, () -> post("erin", "/grants/" + grant + "/give-back", null));
        endAndProve(grant, taking);
        assertThrows(SQLException.class, () -> text(session, "select 1"), taking);
      }
    }
  }

  private String made(String point) throws SQLException, IOException {
    String request = ask();
    if (point.isEmpty()) {
      approve(request);
    } else {
      diesAt(point, () -> approve(request));
    }
    String grant = grantOf(request);
    awaitState(grant, "ACTIVE", point);
    assertEquals(1, rolesOf(grant), point);
    return grant;
  }

  private Map<String, String> handedOut(String grant, String point) throws IOException {
    if (!point.isEmpty()) {
      diesAt(point, () -> post("erin", "/grants/" + grant + "/pick-up", Map.of()));
    }
    return pickUp(grant);
  }

  /** Ends the grant if it has not ended, and reads from the target that nothing is left. */
  private void endAndProve(String grant, String point) throws SQLException {
    post("erin", "/grants/" + grant + "/give-back", null);
    awaitState(grant, "ENDED", point);
    assertEquals(0, rolesOf(grant), point);
    try (Connection target = curfew.target()) {
      assertEquals(
          "0",
          text(
              target,
              "select count(*) from pg_stat_activity a where backend_type = 'client backend'"
                  + " and not exists (select from pg_roles r where r.oid = a.usesysid)"),
          point);
    }
    try (Connection store = curfew.store()) {
      assertEquals(
          "1",
          text(
              store,
              "select count(*) from audit_entry where kind = 'grant-ended' and grant_id = '"
                  + grant
                  + "'"),
          point + ": one end, one entry");
    }
  }

  /**
   * The act may be answered, or cut off; the process must die of it, at this point, and is started
   * again with nothing armed.
   */
  private void diesAt(String point, Runnable act) throws IOException {
    arm(point);
    try {
      act.run();
    } catch (Exception | AssertionError e) {
      assertTrue(true, "a dying process does not answer");
    }
    curfew.awaitDeath();
    assertTrue(curfew.output().stripTrailing().endsWith("stopped at " + point), point);
    arm("");
    curfew.start(Map.of("curfew.failpoint", "@" + armed));
  }

  private void arm(String point) throws IOException {
    Files.writeString(armed, point);
  }

  private String ask() {
    Response answer =
        post(
            "erin",
            "/requests",
            Map.of("entitlement", "orders-db/read-only", "window", 30, "reason", "a look"));
    assertEquals(201, answer.statusCode(), answer.asString());
    return answer.jsonPath().getString("id");
  }

  private void approve(String request) {
    String shown = get("ann", "/requests/" + request).jsonPath().getString("shown");
    post(
        "ann",
        "/requests/" + request + "/votes",
        Map.of("choice", "APPROVE", "reason", "fine", "shown", shown));
  }

  private String grantOf(String request) {
    return get("erin", "/requests/" + request).jsonPath().getString("grant");
  }

  private Map<String, String> pickUp(String grant) {
    Response[] answer = new Response[1];
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              answer[0] = post("erin", "/grants/" + grant + "/pick-up", Map.of());
              assertEquals(200, answer[0].statusCode(), answer[0].asString());
            });
    return answer[0].jsonPath().getMap("values");
  }

  private void awaitState(String grant, String state, String point) {
    await(point)
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertEquals(
                    state, get("erin", "/grants/" + grant).jsonPath().getString("state"), point));
  }

  private Response get(String user, String path) {
    return RestAssured.given().header("Authorization", "Bearer " + tokens.get(user)).get(url(path));
  }

  /** With a fresh code; a null body needs no proof. */
  private Response post(String user, String path, Map<String, ?> body) {
    Map<String, Object> whole = new HashMap<>();
    if (body != null) {
      whole.putAll(body);
      whole.put("proof", Map.of("code", freshCode(user)));
    }
    return RestAssured.given()
        .header("Authorization", "Bearer " + tokens.get(user))
        .contentType("application/json")
        .body(whole)
        .post(url(path));
  }

  private String url(String path) {
    return "http://localhost:" + curfew.port() + "/api/v1" + path;
  }

  /** A code works once in half a minute; a test does not wait for the next. */
  private String freshCode(String user) {
    run(
        "update totp set last_step = -1 where person ="
            + " (select person from account where sub = ?)",
        user);
    return curfew.code(user);
  }

  private String token(String user) {
    String secret = "curfew_" + Ids.next() + Ids.next();
    run(
        "insert into personal_token (id, secret_hash, person, name, scopes, created_at, until)"
            + " select ?, ?, person, 'test', 'read request approve', clock_timestamp(),"
            + " clock_timestamp() + interval '1 day' from account where sub = ?",
        Ids.next(),
        Hashes.sha256(secret),
        user);
    return secret;
  }

  private void run(String sql, Object... values) {
    try (Connection store = curfew.store();
        PreparedStatement statement = store.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      statement.executeUpdate();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private long rolesOf(String grant) throws SQLException {
    try (Connection target = curfew.target()) {
      return Long.parseLong(
          text(target, "select count(*) from pg_roles where rolname like 'jit%" + grant + "'"));
    }
  }

  private static Connection enter(Map<String, String> handed) throws SQLException {
    return DriverManager.getConnection(
        handed.get("jdbc"), handed.get("user"), handed.get("password"));
  }

  private static String text(Connection connection, String sql) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet rows = statement.executeQuery()) {
      return rows.next() ? rows.getString(1) : null;
    }
  }
}

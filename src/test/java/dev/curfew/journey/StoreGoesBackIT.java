package dev.curfew.journey;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.Ids;
import dev.curfew.boot.Packaged;
import dev.curfew.boot.StoreBackup;
import dev.curfew.mfa.Hashes;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
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
 * The store of the packaged product is really put back: a backup is made while it runs, life goes
 * on, the process dies, the store's files become those of the backup, and it starts again. Who is
 * inside is read from the target.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StoreGoesBackIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Map<String, String> OFTEN = Map.of("curfew.grant.reconcile-every", "2s");

  private final Packaged curfew = new Packaged("goes-back").withLentPrograms();
  private final Map<String, String> tokens = new HashMap<>();

  @BeforeAll
  void start() {
    curfew.start(OFTEN);
    for (String user : List.of("erin", "ann", "abe", "ada")) {
      tokens.put(user, token(user));
    }
  }

  @AfterAll
  void stop() {
    curfew.close();
  }

  @Test
  void theLivingGoOnAndOnlyWhatIsOverByItsOwnMarkIsTakenAway() throws SQLException {
    String before = provisioned("erin", "orders-db/read-only", "ann");
    String later = provisioned("erin", "orders-db/read-write", "ann");
    String givenBack = provisioned("abe", "orders-db/read-only", "ann");
    String over = provisioned("abe", "orders-db/read-write", "ann");
    try (Connection ofBefore = enter(pickUp("erin", before));
        Connection ofOver = enter(pickUp("abe", over))) {
      pickUp("abe", givenBack);
      // the backup holds an end that passes soon after the restore, and knows of no pick-up
      run(
          "update access_grant set due_at = clock_timestamp() + interval '15 s' where id = ?",
          later);
      StoreBackup backup = curfew.backUpStore();

      Connection ofLater = enter(pickUp("erin", later));
      post("abe", "/grants/" + givenBack + "/give-back", null);
      awaitState("abe", givenBack, "ENDED");
      String lost = provisioned("ann", "orders-db/read-only", "abe");
      Connection ofLost = enter(pickUp("ann", lost));
      targetRemembersMoreThan(lost);
      curfew.kill();
      backup.restore();
      markIsPast(over);
      curfew.launch(OFTEN);

      JsonPath quarantine = awaitQuarantine();
      assertTrue(
          quarantine.getString("reasons[0]").contains("which this store does not have"),
          quarantine.prettify());
      assertTrue(curfew.health().startsWith("503"), curfew.health());
      assertTrue(curfew.health().contains("quarantine"), curfew.health());
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                assertEquals("NOT_IN_STORE", kindOf(lost));
                assertEquals("NOT_AT_TARGET", kindOf(givenBack));
                assertEquals("END_DIFFERS", kindOf(later));
              });
      assertEquals("null", kindOf(before), "store and target agree about it");

      awaitState("abe", over, "ENDED");
      assertFalse(isAlive(ofOver), "its own mark says that it is over");
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  "t"
                      .equals(
                          storeSays(
                              "select due_at < clock_timestamp() - interval '3 s' from access_grant"
                                  + " where id = '"
                                  + later
                                  + "'")));
      for (Connection living : List.of(ofBefore, ofLater, ofLost)) {
        assertTrue(isAlive(living));
      }
      assertEquals(
          "1",
          storeSays("select count(*) from audit_entry where kind = 'grant-ending'"),
          "one was ended, and that by its mark");
      assertEquals(409, post("erin", "/grants/" + before + "/pick-up", Map.of()).statusCode());
      assertEquals(409, ask("abe", "orders-db/read-write").statusCode());

      Response refused = post("erin", "/quarantine/end", Map.of());
      assertEquals(403, refused.statusCode(), refused.asString());
      String finding = quarantine().getString("differences.find{it.grant=='" + lost + "'}.id");
      done(post("ada", "/quarantine/findings/" + finding, Map.of("choice", "REVOKE")), 200);
      await().atMost(PATIENCE).untilAsserted(() -> assertFalse(isAlive(ofLost)));
      done(post("ada", "/quarantine/end", Map.of()), 200);

      assertFalse(quarantine().getBoolean("on"));
      await().atMost(PATIENCE).untilAsserted(() -> assertTrue(curfew.health().startsWith("200")));
      awaitState("abe", givenBack, "ENDED");
      assertTrue(isAlive(ofBefore));
      assertTrue(isAlive(ofLater));
      assertEquals("ACTIVE", state("erin", later), "this store took over the end of its mark");
      post("erin", "/grants/" + later + "/give-back", null);
      await().atMost(PATIENCE).untilAsserted(() -> assertFalse(isAlive(ofLater)));
      enter(pickUp("abe", provisioned("abe", "orders-db/read-write", "ann"))).close();
      for (String kind :
          List.of("quarantine-begun", "quarantine-decided", "quarantine-ended", "grant-adopted")) {
        assertEquals(
            "1", storeSays("select count(*) from audit_entry where kind = '" + kind + "'"), kind);
      }
      ofLater.close();
      ofLost.close();
    }
  }

  /** Until the witness at the target is of after that grant's pick-up. */
  private void targetRemembersMoreThan(String grant) {
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              String n =
                  storeSays(
                      "select max(i.n)::text from audit_index i join audit_entry e on e.id ="
                          + " i.entry_id where e.grant_id = '"
                          + grant
                          + "' and e.kind = 'secret-shown'");
              return n != null && witnessed() >= Long.parseLong(n);
            });
  }

  private long witnessed() throws SQLException {
    try (Connection target = curfew.target()) {
      return Long.parseLong(
          text(
              target,
              "select (shobj_description(oid, 'pg_authid')::json ->> 'n') from pg_roles"
                  + " where rolname ~ '^jit_[a-z0-9]+_witness$'"));
    }
  }

  /** As time would have it: the end that its mark names is a moment ago. */
  private void markIsPast(String grant) throws SQLException {
    try (Connection target = curfew.target()) {
      String role =
          text(target, "select rolname from pg_roles where rolname like '%" + grant + "'");
      String mark =
          text(
              target,
              "select shobj_description(oid, 'pg_authid') from pg_roles where rolname = '"
                  + role
                  + "'");
      String past = mark.replaceFirst("\"exp\":\"[^\"]*\"", "\"exp\":\"2020-01-01T00:00:00Z\"");
      target.createStatement().execute("comment on role " + role + " is '" + past + "'");
    }
  }

  private JsonPath awaitQuarantine() {
    await().atMost(PATIENCE).ignoreExceptions().until(() -> quarantine().getBoolean("on"));
    return quarantine();
  }

  private JsonPath quarantine() {
    return done(get("ada", "/quarantine"), 200);
  }

  private String kindOf(String grant) {
    return String.valueOf(
        quarantine().getString("differences.find{it.grant=='" + grant + "'}?.kind"));
  }

  private Response ask(String user, String entitlement) {
    return post(
        user, "/requests", Map.of("entitlement", entitlement, "window", 30, "reason", "a look"));
  }

  private String provisioned(String user, String entitlement, String approver) {
    String request = done(ask(user, entitlement), 201).getString("id");
    String shown = get(approver, "/requests/" + request).jsonPath().getString("shown");
    done(
        post(
            approver,
            "/requests/" + request + "/votes",
            Map.of("choice", "APPROVE", "reason", "fine", "shown", shown)),
        200);
    String grant = get(user, "/requests/" + request).jsonPath().getString("grant");
    awaitState(user, grant, "ACTIVE");
    return grant;
  }

  private Map<String, String> pickUp(String user, String grant) {
    return done(post(user, "/grants/" + grant + "/pick-up", Map.of()), 200).getMap("values");
  }

  private String state(String user, String grant) {
    return get(user, "/grants/" + grant).jsonPath().getString("state");
  }

  private void awaitState(String user, String grant, String state) {
    await().atMost(PATIENCE).untilAsserted(() -> assertEquals(state, state(user, grant)));
  }

  private static JsonPath done(Response answer, int status) {
    assertEquals(status, answer.statusCode(), answer.asString());
    return answer.jsonPath();
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
            + " select ?, ?, person, 'test', 'read request approve admin', clock_timestamp(),"
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

  private String storeSays(String sql) throws SQLException {
    try (Connection store = curfew.store()) {
      return text(store, sql);
    }
  }

  private static Connection enter(Map<String, String> handed) throws SQLException {
    return DriverManager.getConnection(
        handed.get("jdbc"), handed.get("user"), handed.get("password"));
  }

  private static boolean isAlive(Connection session) {
    try {
      return "1".equals(text(session, "select 1"));
    } catch (SQLException e) {
      return false;
    }
  }

  private static String text(Connection connection, String sql) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet rows = statement.executeQuery()) {
      return rows.next() ? rows.getString(1) : null;
    }
  }
}

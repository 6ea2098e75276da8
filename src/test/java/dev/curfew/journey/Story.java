package dev.curfew.journey;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.curfew.account.Person;
import dev.curfew.boot.DemoServers;
import dev.curfew.testing.Cast;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The acts of a journey, each by the API as a script would call it, on a real target. */
@ApplicationScoped
public class Story {

  /** How long a test waits for a fact before it fails; no fact is expected to take this long. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Cast cast;
  private final Map<String, String> tokens = new HashMap<>();

  Story(Cast cast) {
    this.cast = cast;
  }

  Person engineer(String name) {
    return cast.person(name, "engineering");
  }

  Person approver(String name) {
    return cast.person(name, "dba-oncall");
  }

  Person person(String name, List<String> groups) {
    return cast.person(name, groups.toArray(String[]::new));
  }

  Response get(Person person, String path) {
    return RestAssured.given().header("Authorization", bearer(person)).get("/api/v1" + path);
  }

  Response post(Person person, String path, Map<String, ?> body) {
    return RestAssured.given()
        .header("Authorization", bearer(person))
        .contentType("application/json")
        .body(body)
        .post("/api/v1" + path);
  }

  /** The same with a fresh code as its proof. */
  Response prove(Person person, String path, Map<String, ?> body) {
    Map<String, Object> whole = new HashMap<>(body);
    whole.put("proof", Map.of("code", cast.code(person)));
    return post(person, path, whole);
  }

  /** A request of 30 minutes; answers its id. */
  String ask(Person person, String entitlement) {
    return ask(person, entitlement, 30);
  }

  String ask(Person person, String entitlement, int minutes) {
    return done(
            prove(
                person,
                "/requests",
                Map.of(
                    "entitlement",
                    entitlement,
                    "window",
                    minutes,
                    "reason",
                    "a look at one order")),
            201)
        .getString("id");
  }

  Response vote(Person person, String request, String choice, String reason) {
    String shown = done(get(person, "/requests/" + request), 200).getString("shown");
    return prove(
        person,
        "/requests/" + request + "/votes",
        Map.of("choice", choice, "reason", reason, "shown", shown));
  }

  /** Approves; answers the grant's id, null while more must agree. */
  String approve(Person person, String request) {
    return done(vote(person, request, "APPROVE", "fine"), 200).getString("grant");
  }

  /** Asked, approved by one, and made at the target. */
  String provisioned(Person engineer, Person approver, String entitlement) {
    String grant = approve(approver, ask(engineer, entitlement));
    awaitState(engineer, grant, "ACTIVE");
    return grant;
  }

  Map<String, String> pickUp(Person person, String grant) {
    return done(prove(person, "/grants/" + grant + "/pick-up", Map.of()), 200).getMap("values");
  }

  JsonPath grant(Person person, String grant) {
    return done(get(person, "/grants/" + grant), 200);
  }

  JsonPath awaitState(Person person, String grant, String state) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertEquals(state, grant(person, grant).getString("state")));
    return grant(person, grant);
  }

  /** The kinds of everything on the grant's timeline, in order. */
  List<String> moments(Person person, String grant) {
    return grant(person, grant).getList("timeline.kind");
  }

  /** Moves the end of a grant to now, as time would. */
  void endsNow(String grant) {
    cast.run("update access_grant set due_at = clock_timestamp() where id = ?", grant);
  }

  /** Enters with what was handed out, as the JDBC line says. */
  static Connection enter(Map<String, String> handed) throws SQLException {
    return DriverManager.getConnection(
        handed.get("jdbc"), handed.get("user"), handed.get("password"));
  }

  static String value(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getString(1) : null;
    }
  }

  /** What the target's superuser reads: Curfew's own view is not asked. */
  static String atTarget(String sql) throws SQLException {
    try (Connection connection = DemoServers.target()) {
      return value(connection, sql);
    }
  }

  /** Roles and sessions of the grant that are left at the target, under either name. */
  static long leftAtTarget(String grant) throws SQLException {
    return Long.parseLong(
        atTarget(
            ("select (select count(*) from pg_roles where rolname like 'jit%%_%1$s')"
                    + " + (select count(*) from pg_stat_activity where usename like 'jit%%_%1$s')"
                    + " + (select count(*) from pg_stat_activity a where backend_type ="
                    + " 'client backend' and not exists (select from pg_roles r where r.oid ="
                    + " a.usesysid))")
                .formatted(grant)));
  }

  static JsonPath done(Response answer, int status) {
    assertEquals(status, answer.statusCode(), answer.asString());
    return answer.jsonPath();
  }

  private String bearer(Person person) {
    return "Bearer " + tokens.computeIfAbsent(person.id(), id -> cast.token(person));
  }
}

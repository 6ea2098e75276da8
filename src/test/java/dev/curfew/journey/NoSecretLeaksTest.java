package dev.curfew.journey;

import static dev.curfew.journey.Story.done;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.account.Person;
import dev.curfew.boot.DemoServers;
import dev.curfew.testing.Browser;
import dev.curfew.testing.Cast;
import io.restassured.RestAssured;
import io.restassured.filter.Filter;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** The whole story with known secrets, which afterwards are nowhere but where they belong. */
@Journey
class NoSecretLeaksTest {

  @Inject Story story;
  @Inject Cast cast;
  @Inject DataSource store;

  private final Map<String, String> secrets = new LinkedHashMap<>();
  private final Queue<String> answers = new ConcurrentLinkedQueue<>();
  private final Log log = new Log();

  @Test
  void noSecretIsWhereItShouldNotBe() throws Exception {
    // what hands a secret out once is not listened to, and calls itself outside of this filter
    Filter listening =
        (request, specification, context) -> {
          Response answer = context.next(request, specification);
          if (!request.getURI().endsWith("/pick-up")
              && !request.getURI().endsWith("/tokens")
              && !request.getURI().endsWith("/api/v1/token")) {
            answers.add(request.getURI() + " " + answer.headers() + " " + answer.asString());
          }
          return answer;
        };
    logStatementsAtTarget();
    Logger.getLogger("").addHandler(log);
    RestAssured.filters(listening);
    try {
      live();
    } finally {
      RestAssured.replaceFiltersWith(List.of());
      Logger.getLogger("").removeHandler(log);
    }

    secrets.put("password of a person", Cast.PASSWORD);
    secrets.put("seed of codes", Cast.SEED);
    List<String> found = new ArrayList<>();
    scan("answers", String.join("\n", answers), found);
    scan("application's log", String.join("\n", log.lines), found);
    scan("target's log", targetLog(), found);
    try (Connection connection = store.getConnection()) {
      for (String table : tables(connection)) {
        scan("table " + table, rows(connection, table), found);
      }
    }
    assertEquals(List.of(), found);
  }

  private void live() {
    Person erin = story.engineer("Erin");
    Person ann = story.approver("Ann");
    Person uma = story.person("Uma", List.of("auditors"));

    new Browser().password(erin.user(), "not the " + Cast.PASSWORD);
    Browser browser = Browser.signedIn(cast, erin);
    Response made =
        story.prove(
            erin,
            "/tokens",
            Map.of("name", "robot", "scopes", List.of("read", "request"), "days", 1));
    String token = done(made, 201).getString("secret");
    secrets.put("personal token", token);
    String jwt =
        RestAssured.given()
            .header("Authorization", "Bearer " + token)
            .post("/api/v1/token")
            .jsonPath()
            .getString("token");
    secrets.put("short-lived token", jwt);
    RestAssured.given().header("Authorization", "Bearer " + jwt).get("/api/v1/me");

    String grant = story.provisioned(erin, ann, "orders-db/read-write");
    String code = cast.code(erin);
    secrets.put("code", code);
    Response handed =
        story.post(erin, "/grants/" + grant + "/pick-up", Map.of("proof", Map.of("code", code)));
    secrets.put("password that was handed out", done(handed, 200).getString("values.password"));
    secrets.put("the one after it", story.pickUp(erin, grant).get("password"));
    story.post(erin, "/grants/" + grant + "/pick-up", Map.of("proof", Map.of("code", code)));

    for (String page : List.of("/", "/grants/" + grant, "/keys")) {
      assertEquals(200, browser.get(page).statusCode(), page);
    }
    secrets.put("session", browser.cookie());
    story.post(erin, "/grants/" + grant + "/give-back", Map.of());
    story.awaitState(erin, grant, "ENDED");
    story.get(uma, "/history?limit=200");
    story.get(uma, "/history/export.jsonl");
    story.get(uma, "/history/export.csv");
  }

  private void scan(String where, String text, List<String> found) {
    assertFalse(text.isEmpty(), "nothing to scan: " + where);
    secrets.forEach(
        (name, secret) -> {
          boolean isSessionBeingSet = name.equals("session") && where.equals("answers");
          if (!isSessionBeingSet && holds(text, secret)) {
            found.add("the " + name + " stands in the " + where);
          }
        });
  }

  /** A code is six digits: within a longer number it is chance. */
  private static boolean holds(String text, String secret) {
    return secret.matches("\\d{6}")
        ? Pattern.compile("(?<![0-9a-zA-Z.])" + secret + "(?![0-9a-zA-Z])").matcher(text).find()
        : text.contains(secret);
  }

  private static void logStatementsAtTarget() throws SQLException {
    try (Connection target = DemoServers.target();
        Statement statement = target.createStatement()) {
      statement.execute("alter system set log_statement = 'all'");
      statement.execute("select pg_reload_conf()");
    }
  }

  private static String targetLog() throws Exception {
    Path folder = Path.of(System.getProperty("curfew.test.demo"), "target");
    String text = Files.readString(folder.resolve("server.log"));
    assertTrue(text.contains("statement:") || text.contains("execute"), "it logs no statements");
    return text;
  }

  private static List<String> tables(Connection connection) throws SQLException {
    List<String> tables = new ArrayList<>();
    try (ResultSet rows =
        connection.getMetaData().getTables(null, "public", "%", new String[] {"TABLE"})) {
      while (rows.next()) {
        tables.add(rows.getString("TABLE_NAME"));
      }
    }
    return tables;
  }

  private static String rows(Connection connection, String table) throws SQLException {
    StringBuilder all = new StringBuilder(table).append('\n');
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("select * from \"" + table + '"')) {
      ResultSetMetaData columns = rows.getMetaData();
      while (rows.next()) {
        for (int i = 1; i <= columns.getColumnCount(); i++) {
          all.append(rows.getString(i)).append('\n');
        }
      }
    }
    return all.toString();
  }

  /** All that the application logs, at the levels it logs by itself. */
  private static final class Log extends Handler {

    private final Queue<String> lines = new ConcurrentLinkedQueue<>(List.of("log"));

    @Override
    public void publish(LogRecord line) {
      Object[] values = line.getParameters();
      lines.add(
          line.getMessage()
              + (values == null ? "" : " " + java.util.Arrays.toString(values))
              + (line.getThrown() == null ? "" : " " + line.getThrown()));
    }

    @Override
    public void flush() {
      // kept in memory
    }

    @Override
    public void close() {
      // nothing to close
    }
  }
}

package dev.curfew.boot;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.eatthepath.otp.TimeBasedOneTimePasswordGenerator;
import dev.curfew.Ids;
import dev.curfew.testing.Browser;
import dev.curfew.testing.Pem;
import dev.curfew.testing.Servers;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.InvalidKeyException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.spec.SecretKeySpec;
import org.apache.commons.codec.binary.Base32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged product with a store that is not its own, as an operator starts it. */
class ProductionStartIT {

  private static final Duration PATIENCE = Duration.ofSeconds(180);
  private static final String PASSWORD = "a long sentence to sign in";

  private final Servers.Shared server = Servers.pg17();
  private final String database = server.createDatabase("production");
  private final List<Process> processes = new ArrayList<>();
  private final int port = Ports.free();
  private final int management = Ports.free();

  @TempDir Path folder;

  @AfterEach
  void stop() {
    processes.forEach(Process::destroyForcibly);
  }

  @Test
  void withoutAnySettingItOnlyRevokesAndListsAllThatIsWrong() throws Exception {
    Path log = folder.resolve("bare.log");
    storeLetsIn(false);
    Process bare = start(log, Map.of("CURFEW_GRANT_LEASE", "soon", "CURFEW_DEMO", "on"));
    // a machine starts all at once: whoever is before the store waits for it
    await().atMost(PATIENCE).until(() -> text(log).contains("not currently accepting connections"));
    storeLetsIn(true);
    awaitLive(bare, log);
    String said = Files.readString(log);
    for (String wrong :
        List.of(
            "curfew.grant.lease has a value that cannot be read; 15s is used instead",
            "curfew.demo=on is set by the demo alone",
            "curfew.sign-in.key-file is not set",
            "curfew.mfa.seed-key-file is not set",
            "curfew.base-url is not set",
            "curfew.broker.id is not set",
            "curfew.packs.dirs names no folder")) {
      assertTrue(said.contains(wrong), wrong + " is not in\n" + said);
    }
    for (String door : List.of("/", "/sign-in", "/set-up", "/api/v1/catalog", "/css/curfew.css")) {
      assertEquals(503, RestAssured.get(address() + door).statusCode(), door);
    }
    assertEquals(503, ready());
    assertFalse(Files.exists(folder.resolve("data/set-up-token")), "a token for a closed door");
    kill(bare);

    theHostItselfRevokesEverything();
  }

  /**
   * While no broker runs: what is decided now is done by whoever starts next. A node of the next
   * version was here already and changed the tables: this version still starts on them.
   */
  private void theHostItselfRevokesEverything() throws Exception {
    run(
        "insert into flyway_schema_history (installed_rank, version, description, type, script,"
            + " checksum, installed_by, execution_time, success) values"
            + " (999, '999', 'of the next version', 'SQL', 'V999__next.sql', 1, 'x', 1, true)");
    String grant = provisioning("p");
    String said = revoke("all", "--note", "the pager said so");
    assertTrue(said.contains("1 end now"), said);
    assertRevoking(grant);
  }

  /** By name and by number, on the host, with the entries of who was there. */
  private void theHostItselfRevokesOneGrantOrOnePerson() throws Exception {
    String ada = value("select person from account where sub = 'ada'");
    String one = provisioning(ada);
    String other = provisioning(ada);
    String anothers = provisioning("p");
    String said = revoke("grant", one);
    assertTrue(said.contains("grant " + one + " ends now"), said);
    assertRevoking(one);
    assertEquals("PROVISIONING", state(other));

    said = revoke("person", "ada");
    assertTrue(said.contains("1 of Ada end now"), said);
    assertRevoking(other);
    assertEquals("PROVISIONING", state(anothers));
  }

  private String provisioning(String person) {
    String grant = Ids.next();
    run(
        "insert into access_grant (id, request_id, person, entitlement, target, came_from, state,"
            + " created_at, window_seconds, claim_by, due_at, effects, effects_hash, handle,"
            + " guarantee, max_residual_seconds, residual, next_at) select '"
            + grant
            + "', 'r', '"
            + person
            + "', 'orders-db/read-only', 'orders-db', 'NONE', 'PLANNED', now(), 1800,"
            + " now() + interval '1 hour', now() + interval '1 hour', '[]', 'h', '{}', 'G1', 0, '',"
            + " now()");
    run(
        "update access_grant set came_from = 'PLANNED', state = 'PROVISIONING', reached = true"
            + " where id = '"
            + grant
            + "'");
    return grant;
  }

  private String revoke(String... what) throws Exception {
    List<String> command = new ArrayList<>(List.of("revoke"));
    command.addAll(List.of(what));
    Path log = folder.resolve("revoke.log");
    Process revoke = start(log, Map.of(), command.toArray(String[]::new));
    assertTrue(revoke.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    String said = Files.readString(log);
    assertEquals(0, revoke.exitValue(), said);
    return said;
  }

  private String state(String grant) throws SQLException {
    return value("select state from access_grant where id = '" + grant + "'");
  }

  private void assertRevoking(String grant) throws SQLException {
    assertEquals("REVOKING", state(grant));
    String actor =
        value("select actor from audit_entry where grant_id = '" + grant + "' order by at limit 1");
    assertTrue(actor != null && actor.startsWith("operator@"), String.valueOf(actor));
  }

  @Test
  void theFirstAdministratorIsMadeWithTheTokenOnTheHostAndSignsIn() throws Exception {
    Path log = folder.resolve("whole.log");
    Process whole = start(log, wholeSettings());
    awaitLive(whole, log);
    String said = Files.readString(log);
    assertFalse(said.contains("only takes access away"), said);
    Path token = folder.resolve("data/set-up-token");
    assertTrue(said.contains(token.toString()), said);
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(token)));
    String secret = Files.readString(token).strip();
    assertFalse(said.contains(secret), "the token itself is in the log");

    RestAssured.baseURI = "http://localhost";
    RestAssured.port = port;
    Browser browser = new Browser("__Host-curfew");
    assertEquals(200, browser.get("/set-up").statusCode());
    assertEquals(400, setUp(browser, "guess", "ada").statusCode());
    assertEquals(400, setUp(browser, secret, "").statusCode(), "no user name");
    Response made = setUp(browser, secret, "ada");
    assertEquals(303, made.statusCode(), made.asString());
    assertFalse(Files.exists(token));
    assertEquals(404, setUp(new Browser("__Host-curfew"), secret, "eve").statusCode());

    String link = made.header("Location").replaceFirst("^https?://[^/]+", "");
    assertEquals(200, browser.get(link).statusCode());
    Response open = browser.post(link, Map.of("password", PASSWORD, "again", PASSWORD));
    assertEquals(303, open.statusCode(), open.asString());
    String seed = seed(browser.get("/enrol").asString());
    Response enrolled = browser.post("/enrol/codes", Map.of("code", code(seed)));
    assertEquals(200, enrolled.statusCode(), enrolled.asString());

    run("update totp set last_step = -1");
    Browser later = new Browser("__Host-curfew");
    assertEquals(303, later.password("ada", PASSWORD).statusCode());
    Response in = later.post("/sign-in/second", Map.of("proof_code", code(seed)));
    assertEquals(303, in.statusCode(), in.asString());
    assertEquals(200, later.get("/admin/people").statusCode());
    assertEquals(404, later.get("/set-up").statusCode());
    kill(whole);

    theHostItselfRevokesOneGrantOrOnePerson();
  }

  @Test
  void whereADemoIsForbiddenAMissingStoreIsAnError() throws Exception {
    Path log = folder.resolve("never.log");
    Process never = launch(log, Map.of("CURFEW_DEMO", "never"));
    assertTrue(never.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    String said = Files.readString(log);
    assertEquals(Serve.MISCONFIGURED, never.exitValue(), said);
    assertTrue(said.contains("set quarkus.datasource.jdbc.url"), said);
  }

  /** By the environment, as a unit file or a platform sets them, with names of others between. */
  private Map<String, String> wholeSettings() throws IOException {
    Path key = Files.writeString(folder.resolve("curfew.key"), Pem.both(Pem.pair("EC", 256)));
    Path seeds = folder.resolve("seed-key");
    PrivateFile.write(seeds, Base64.getEncoder().encodeToString(new byte[32]));
    return Map.of(
        "CURFEW_MFA_SEED_KEY_FILE", seeds.toString(),
        "CURFEW_BASE_URL", "https://curfew.example.org",
        "CURFEW_SIGN_IN_KEY_FILE", key.toString(),
        "CURFEW_BROKER_ID", "p1",
        "CURFEW_PACKS_DIRS",
            Path.of("connectors").toAbsolutePath() + "," + Path.of("approvals").toAbsolutePath(),
        "CURFEW_SECRETS_DIR", folder.toString(),
        "CURFEW_TARGET_ORDERS_HOST", "localhost",
        "CURFEW_TARGET_ORDERS_PORT", "1",
        "CURFEW_SECRET_SOMETHING", "else",
        "CURFEW_PORT", "tcp://10.0.0.1:8080");
  }

  private static Response setUp(Browser browser, String token, String user) {
    return browser.post("/set-up", Map.of("token", token, "user", user, "name", "Ada"));
  }

  private static String seed(String page) {
    Matcher found = Pattern.compile("\\b[A-Z2-7]{32}\\b").matcher(page);
    assertTrue(found.find(), page);
    return found.group();
  }

  private static String code(String seed) throws InvalidKeyException {
    return new TimeBasedOneTimePasswordGenerator()
        .generateOneTimePasswordString(
            new SecretKeySpec(new Base32().decode(seed), "RAW"), Clock.systemUTC().instant());
  }

  private Process start(Path log, Map<String, String> environment, String... arguments) {
    Map<String, String> all = new java.util.HashMap<>(environment);
    all.put("QUARKUS_DATASOURCE_JDBC_URL", server.url(database));
    all.put("QUARKUS_DATASOURCE_USERNAME", server.user());
    all.put("QUARKUS_DATASOURCE_PASSWORD", server.password());
    return launch(log, all, arguments);
  }

  private Process launch(Path log, Map<String, String> environment, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx512m");
    command.addAll(Packaged.STARTS_FAST);
    command.add("-Dquarkus.http.host=127.0.0.1");
    command.add("-Dquarkus.http.port=" + port);
    command.add("-Dquarkus.management.port=" + management);
    command.add("-Dcurfew.data.dir=" + folder.resolve("data"));
    command.add("-jar");
    command.add(System.getProperty("curfew.jar", "target/quarkus-app/quarkus-run.jar"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("CURFEW_"));
    builder.environment().putAll(environment);
    try {
      Process process = builder.start();
      processes.add(process);
      return process;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitLive(Process process, Path log) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(
            () -> {
              assertTrue(process.isAlive(), () -> "it ended by itself:\n" + text(log));
              return status("/q/health/live") == 200 && doorAnswers();
            });
  }

  private boolean doorAnswers() {
    try (var socket = new java.net.Socket("127.0.0.1", port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private int ready() {
    return status("/q/health/ready");
  }

  private int status(String path) {
    try {
      return RestAssured.get("http://127.0.0.1:" + management + path).statusCode();
    } catch (Exception notYet) {
      return -1;
    }
  }

  private String address() {
    return "http://127.0.0.1:" + port;
  }

  private static void kill(Process process) throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  private static String text(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private void storeLetsIn(boolean lets) {
    server.execute("postgres", "alter database " + database + " allow_connections " + lets);
  }

  private void run(String sql) {
    server.execute(database, sql);
  }

  private String value(String sql) throws SQLException {
    try (Connection connection = server.connect(database);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? row.getString(1) : null;
    }
  }
}

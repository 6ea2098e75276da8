package dev.curfew.connector.sql;

import static dev.curfew.connector.sql.PostgresTarget.enter;
import static dev.curfew.connector.sql.PostgresTarget.isAlive;
import static dev.curfew.connector.sql.PostgresTarget.line;
import static dev.curfew.connector.sql.PostgresTarget.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.Ids;
import dev.curfew.connector.Ask;
import dev.curfew.connector.Limits;
import dev.curfew.connector.Outcome;
import dev.curfew.connector.Plan;
import dev.curfew.connector.Presence;
import dev.curfew.connector.Receipt;
import dev.curfew.connector.Secret;
import dev.curfew.connector.Witness;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What somebody tries on purpose to stay longer, to become more, or to hurt the broker. All that
 * they reach for is there, so that each is refused for want of the right alone.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class HostileGrantee {

  /** No right to it, in the words of the SQL standard. */
  private static final String NO_RIGHT = "42501";

  /** PostgreSQL renames nobody who is logged in. */
  private static final String NEVER = "0A000";

  /** One try: what does not happen, the statement, and how it is refused. */
  record Trick(String sentence, String sql, String state) {
    @Override
    public String toString() {
      return sentence;
    }
  }

  /** An access that was handed out. */
  private record Given(Plan plan, Receipt receipt, Secret secret) {
    String role() {
      return plan.handle().facts().get("role");
    }
  }

  private PostgresTarget postgres;
  private SqlConnector connector;
  private Given reader;
  private Given owner;
  private Given other;
  private Connection sessionOfOther;
  private Connection sessionOfBroker;

  abstract int version();

  static Stream<Trick> ofAReader() {
    return Stream.of(
        // to stay
        new Trick("it keeps its end", "ALTER ROLE :me VALID UNTIL 'infinity'", NO_RIGHT),
        new Trick("it keeps its mark", "COMMENT ON ROLE :me IS 'nothing to see'", NO_RIGHT),
        new Trick("it keeps its name", "ALTER ROLE :me RENAME TO somebody", NEVER),
        new Trick(
            "it keeps its number of sessions", "ALTER ROLE :me CONNECTION LIMIT -1", NO_RIGHT),
        new Trick("it makes no friend", "CREATE ROLE friend LOGIN", NO_RIGHT),
        new Trick("it lends its role to nobody", "GRANT :me TO accomplice", NO_RIGHT),
        new Trick("it lends its group to nobody", "GRANT orders_ro TO accomplice", NO_RIGHT),
        new Trick(
            "it loads nothing at its log-in", ofItself("session_preload_libraries"), NO_RIGHT),
        new Trick("it hides nothing from the log", "SET log_statement = 'none'", NO_RIGHT),
        new Trick("it is told of no change", "CREATE PUBLICATION p", NO_RIGHT),
        new Trick("it has no changes sent in", subscription(), NO_RIGHT),
        new Trick("it keeps no place in the log", slot(), NO_RIGHT),
        // to become more
        new Trick("it makes no roles", "ALTER ROLE :me CREATEROLE", NO_RIGHT),
        new Trick("it does not become the broker", "SET ROLE cf_broker", NO_RIGHT),
        new Trick("nor as who it is", "SET SESSION AUTHORIZATION cf_broker", NO_RIGHT),
        new Trick("it does not become another grantee", "SET ROLE :other", NO_RIGHT),
        new Trick("it does not become the estate", "SET ROLE curfew_estate", NO_RIGHT),
        new Trick("it gives away nothing to an owner", disown("orders_owner"), NO_RIGHT),
        new Trick("nor all at once", "REASSIGN OWNED BY :me TO orders_owner", NO_RIGHT),
        new Trick("it reads no verifiers", "SELECT * FROM pg_authid", NO_RIGHT),
        new Trick("it reads no files", "SELECT pg_read_file('/etc/passwd')", NO_RIGHT),
        new Trick("nor into a table", "COPY scratch.mine FROM '/etc/passwd'", NO_RIGHT),
        new Trick("it runs no programs", "COPY shop.customers TO PROGRAM 'cat'", NO_RIGHT),
        new Trick("it writes no files", "SELECT lo_export(:object, '/tmp/x')", NO_RIGHT),
        new Trick("it runs no machine code", inC(), NO_RIGHT),
        new Trick("it reaches no other server", "CREATE EXTENSION dblink", NO_RIGHT),
        new Trick("nor by a foreign table", "CREATE EXTENSION postgres_fdw", NO_RIGHT),
        new Trick("nor by a wrapper of its own", "CREATE FOREIGN DATA WRAPPER w", NO_RIGHT),
        new Trick("nor by a server that is there", mapping(), NO_RIGHT),
        new Trick("it makes no database", "CREATE DATABASE mine", NO_RIGHT),
        new Trick("it makes no schema", "CREATE SCHEMA mine", NO_RIGHT),
        new Trick(
            "it makes nothing among the owner's", "CREATE TABLE shop.mine (id int)", NO_RIGHT),
        new Trick("nor where everybody looks", "CREATE TABLE public.mine (id int)", NO_RIGHT),
        new Trick("it decides nothing for an owner", forLater("orders_owner"), NO_RIGHT),
        new Trick("it changes nothing that it only reads", "DELETE FROM shop.orders", NO_RIGHT),
        new Trick("it puts nothing under a table", trigger(), NO_RIGHT),
        new Trick("it decides nothing about rows", policy(), NO_RIGHT),
        new Trick("it leaves out no trigger", "SET session_replication_role = replica", NO_RIGHT),
        // to hurt the broker, or whoever else is there
        new Trick("it does not change the broker's password", password("cf_broker"), NO_RIGHT),
        new Trick("nor another grantee's", password(":other"), NO_RIGHT),
        new Trick("nor another grantee's name", "ALTER ROLE :other RENAME TO gone", NO_RIGHT),
        new Trick("nor its end", "ALTER ROLE :other VALID UNTIL '2000-01-01'", NO_RIGHT),
        new Trick("it changes no setting of the broker", path("ROLE cf_broker"), NO_RIGHT),
        new Trick("nor of everybody", path("ROLE ALL"), NO_RIGHT),
        new Trick("nor of the database", path("DATABASE orders"), NO_RIGHT),
        new Trick("nor of the server", "ALTER SYSTEM SET max_connections = 1", NO_RIGHT),
        new Trick("it has no settings read anew", "SELECT pg_reload_conf()", NO_RIGHT),
        new Trick(
            "it gives the broker no rights to lose", "GRANT orders_ro TO cf_broker", NO_RIGHT),
        new Trick("it takes nothing of the broker's", "DROP OWNED BY cf_broker", NO_RIGHT),
        new Trick("it does not drop the estate", "DROP ROLE curfew_estate", NO_RIGHT),
        new Trick("it forges no witness", "COMMENT ON ROLE jit_b1_witness IS '{}'", NO_RIGHT),
        new Trick("it ends no session of the broker", end(":pid-of-broker"), NO_RIGHT),
        new Trick("nor its statement", "SELECT pg_cancel_backend(:pid-of-broker)", NO_RIGHT),
        new Trick("nor another grantee's session", end(":pid-of-other"), NO_RIGHT),
        new Trick("it listens to no commands", eventTrigger("scratch"), NO_RIGHT),
        new Trick("it locks nobody out", "BEGIN; LOCK TABLE pg_authid", NO_RIGHT),
        new Trick("it forgets no figures", "SELECT pg_stat_reset()", NO_RIGHT));
  }

  /** Its sessions act as the group that owns the tables. */
  static Stream<Trick> ofAnOwner() {
    return Stream.of(
        new Trick("its group does not log in", "ALTER ROLE orders_owner LOGIN", NO_RIGHT),
        new Trick("its group makes no roles", "ALTER ROLE orders_owner CREATEROLE", NO_RIGHT),
        new Trick("it lends its group to nobody", "GRANT orders_owner TO accomplice", NO_RIGHT),
        new Trick("it lends its role to nobody", "GRANT :me TO accomplice", NO_RIGHT),
        new Trick("it keeps its end", "ALTER ROLE :me VALID UNTIL 'infinity'", NO_RIGHT),
        new Trick("it keeps its mark", "COMMENT ON ROLE :me IS 'nothing to see'", NO_RIGHT),
        new Trick("it keeps its name", "ALTER ROLE :me RENAME TO somebody", NEVER),
        new Trick("it acts as no other owner", "SET ROLE orders_rw", NO_RIGHT),
        new Trick("it listens to no commands", eventTrigger("shop"), NO_RIGHT),
        new Trick(
            "it makes the broker own nothing", owns("TABLE shop.orders", "cf_broker"), NO_RIGHT),
        new Trick("nor an accomplice", owns("TABLE shop.orders", "accomplice"), NO_RIGHT),
        new Trick("nor of a whole schema", owns("SCHEMA shop", "accomplice"), NO_RIGHT),
        new Trick("it changes no setting of the database", path("DATABASE orders"), NO_RIGHT),
        new Trick(
            "it does not take the database", owns("DATABASE orders", "orders_owner"), NO_RIGHT),
        new Trick("it runs no machine code", inC().replace("scratch", "shop"), NO_RIGHT),
        new Trick("it forges no witness", "COMMENT ON ROLE jit_b1_witness IS '{}'", NO_RIGHT),
        new Trick("it ends no session of the broker", end(":pid-of-broker"), NO_RIGHT));
  }

  @BeforeAll
  void everythingThatTheyReachForIsThere() throws SQLException {
    postgres = PostgresTarget.of(version());
    connector = postgres.quickConnector();
    connector.witness(
        postgres.target(), "b1", new Witness(PostgresTarget.INSTALLATION, 1, 0, ""), limits());
    postgres.admin(
        "orders",
        "CREATE ROLE accomplice LOGIN",
        "CREATE FOREIGN DATA WRAPPER bare",
        "CREATE SERVER elsewhere FOREIGN DATA WRAPPER bare");
    reader = give(postgres.readOnly(Ids.next()));
    owner = give(postgres.owner(Ids.next()));
    other = give(postgres.readOnly(Ids.next()));
    try (Connection session = enter(reader.secret())) {
      run(session, "CREATE TABLE scratch.mine (id text)", "SELECT lo_create(4711)");
      makeTriggers(session, "scratch");
    }
    try (Connection session = enter(owner.secret())) {
      makeTriggers(session, "shop");
    }
    sessionOfOther = enter(other.secret());
    sessionOfBroker =
        DriverManager.getConnection(
            postgres.server.url("curfew_maintenance"),
            PostgresTarget.BROKER,
            new String(postgres.brokerPassword));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("ofAReader")
  void aReaderIsRefused(Trick trick) throws SQLException {
    refused(reader, trick);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("ofAnOwner")
  void anOwnerIsRefused(Trick trick) throws SQLException {
    refused(owner, trick);
  }

  @Test
  void nobodyEntersTheDatabaseWhereCurfewWorks() {
    for (Given given : List.of(reader, owner)) {
      SQLException refused =
          assertThrows(
              SQLException.class,
              () ->
                  DriverManager.getConnection(
                      postgres.server.url("curfew_maintenance"),
                      line(given.secret(), "user"),
                      line(given.secret(), "password")));
      assertEquals(NO_RIGHT, refused.getSQLState(), refused.getMessage());
    }
  }

  @AfterAll
  void afterAllOfThemItIsOver() throws SQLException {
    assertTrue(isAlive(sessionOfOther), "nobody was hurt");
    assertTrue(isAlive(sessionOfBroker));
    sessionOfBroker.close();
    for (Given given : List.of(reader, owner, other)) {
      Outcome outcome =
          connector.revoke(
              given.plan().handle(), given.receipt(), (step, so, facts) -> true, limits());
      assertInstanceOf(Outcome.Done.class, outcome, outcome.toString());
      assertEquals(
          Presence.ABSENT,
          connector.verify(given.plan().handle(), given.receipt(), limits()).presence());
    }
    assertFalse(isAlive(sessionOfOther));
    postgres.admin(
        "orders",
        "DROP OWNED BY curfew_estate",
        "DROP FUNCTION shop.t(), shop.e()",
        "DROP FOREIGN DATA WRAPPER bare CASCADE",
        "DROP ROLE accomplice, jit_b1_witness");
  }

  private void refused(Given who, Trick trick) throws SQLException {
    String sql =
        trick
            .sql()
            .replace(":me", who.role())
            .replace(":other", other.role())
            .replace(":object", "4711")
            .replace(":pid-of-broker", pid(sessionOfBroker))
            .replace(":pid-of-other", pid(sessionOfOther));
    try (Connection session = enter(who.secret())) {
      SQLException refused =
          assertThrows(SQLException.class, () -> run(session, sql), "it was let do: " + sql);
      assertEquals(trick.state(), refused.getSQLState(), sql + ": " + refused.getMessage());
    }
  }

  private Given give(Ask ask) {
    Instant end = Instant.now().plus(Duration.ofMinutes(30));
    Plan plan = connector.plan(ask);
    Outcome outcome = connector.provision(plan, end, limits());
    Receipt receipt = assertInstanceOf(Outcome.Done.class, outcome, outcome.toString()).receipt();
    return new Given(plan, receipt, connector.issue(plan.handle(), end, limits()));
  }

  private static void makeTriggers(Connection session, String schema) throws SQLException {
    String function = "CREATE FUNCTION " + schema + ".%s() RETURNS %s LANGUAGE plpgsql AS '%s'";
    run(
        session,
        function.formatted("t", "trigger", "BEGIN RETURN NEW; END"),
        function.formatted("e", "event_trigger", "BEGIN END"));
  }

  private static String pid(Connection session) throws SQLException {
    return PostgresTarget.read(session, "SELECT pg_backend_pid()").get(0);
  }

  private static String ofItself(String setting) {
    return "ALTER ROLE :me SET " + setting + " = 'x'";
  }

  private static String subscription() {
    return "CREATE SUBSCRIPTION s CONNECTION 'host=x' PUBLICATION p WITH (connect = false)";
  }

  private static String slot() {
    return "SELECT pg_create_physical_replication_slot('kept')";
  }

  private static String disown(String to) {
    return owns("TABLE scratch.mine", to);
  }

  private static String owns(String what, String who) {
    return "ALTER " + what + " OWNER TO " + who;
  }

  private static String inC() {
    return "CREATE FUNCTION scratch.c() RETURNS void LANGUAGE c AS 'libc.so.6', 'abort'";
  }

  private static String mapping() {
    return "CREATE USER MAPPING FOR CURRENT_USER SERVER elsewhere";
  }

  private static String forLater(String owner) {
    return "ALTER DEFAULT PRIVILEGES FOR ROLE " + owner + " GRANT ALL ON TABLES TO PUBLIC";
  }

  private static String trigger() {
    return "CREATE TRIGGER t BEFORE INSERT ON shop.orders EXECUTE FUNCTION scratch.t()";
  }

  private static String eventTrigger(String schema) {
    return "CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION " + schema + ".e()";
  }

  private static String policy() {
    return "CREATE POLICY p ON shop.orders TO PUBLIC USING (true)";
  }

  private static String password(String of) {
    return "ALTER ROLE " + of + " PASSWORD 'mine'";
  }

  private static String path(String of) {
    return "ALTER " + of + " SET search_path = evil";
  }

  private static String end(String pid) {
    return "SELECT pg_terminate_backend(" + pid + ")";
  }

  private static Limits limits() {
    return Limits.within(Duration.ofSeconds(30));
  }
}

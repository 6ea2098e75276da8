package dev.curfew.connector.sql;

import static dev.curfew.connector.sql.PostgresTarget.enter;
import static dev.curfew.connector.sql.PostgresTarget.entitlement;
import static dev.curfew.connector.sql.PostgresTarget.isAlive;
import static dev.curfew.connector.sql.PostgresTarget.line;
import static dev.curfew.connector.sql.PostgresTarget.read;
import static dev.curfew.connector.sql.PostgresTarget.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.Ids;
import dev.curfew.connector.Ask;
import dev.curfew.connector.ConnectorException;
import dev.curfew.connector.Described;
import dev.curfew.connector.Finding;
import dev.curfew.connector.Found;
import dev.curfew.connector.Handle;
import dev.curfew.connector.Limits;
import dev.curfew.connector.Outcome;
import dev.curfew.connector.Plan;
import dev.curfew.connector.Presence;
import dev.curfew.connector.Progress;
import dev.curfew.connector.Receipt;
import dev.curfew.connector.Secret;
import dev.curfew.connector.Step;
import dev.curfew.connector.Told;
import dev.curfew.connector.Verdict;
import dev.curfew.connector.Witness;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a hostile grantee, a careless administrator or bad luck can do on a PostgreSQL server. */
abstract class PostgresAbuse {

  /** A machine that is too slow for 50 a second must not lose all its connections to a test. */
  private static final int AT_ONCE = 50;

  private static final Progress ON = (step, receipt, facts) -> true;

  private final Instant end = Instant.now().plus(Duration.ofMinutes(30));
  private PostgresTarget postgres;
  private SqlConnector connector;

  abstract int version();

  @BeforeEach
  void prepare() {
    postgres = PostgresTarget.of(version());
    connector = postgres.quickConnector();
  }

  // -- what is never given

  @Test
  void aGroupThatCanLogInIsRefused() {
    refused("can log in", "CREATE ROLE g_login LOGIN");
  }

  @Test
  void aGroupWithDangerousAttributesIsRefused() {
    refused("SUPERUSER", "CREATE ROLE g_super SUPERUSER");
    refused("CREATEROLE", "CREATE ROLE g_createrole CREATEROLE");
    refused("CREATEDB", "CREATE ROLE g_createdb CREATEDB");
    refused("REPLICATION", "CREATE ROLE g_replication REPLICATION");
    refused("BYPASSRLS", "CREATE ROLE g_bypassrls BYPASSRLS");
  }

  @Test
  void whatAGroupReachesThroughOthersCountsToo() {
    refused(
        "which g_outer is a member of, can log in",
        "CREATE ROLE g_outer",
        "CREATE ROLE g_middle",
        "CREATE ROLE g_inner LOGIN",
        "GRANT g_middle TO g_outer",
        "GRANT g_inner TO g_middle");
    refused(
        "reaches beyond data",
        "CREATE ROLE g_program",
        "GRANT pg_execute_server_program TO g_program");
    refused("Curfew's own", "CREATE ROLE g_estate", "GRANT curfew_estate TO g_estate");
    refused(
        "may give role orders_rw away",
        "CREATE ROLE g_admin",
        "GRANT orders_rw TO g_admin WITH ADMIN OPTION");
  }

  @Test
  void theOwnerOfADatabaseIsRefused() {
    refused("owns database g_own_db", "CREATE ROLE g_dbo", "CREATE DATABASE g_own_db OWNER g_dbo");
  }

  @Test
  void readingAllDataMayBeGiven() {
    postgres.admin(
        "postgres", "CREATE ROLE g_reader", "GRANT pg_read_all_data, pg_monitor TO g_reader");
    postgres.allow("orders", "g_reader");
    Described described = describe("g_reader", "orders", "member");
    assertEquals(List.of(), described.refusals());
    assertTrue(described.gives().contains("SELECT on every table, view and sequence"));
  }

  @Test
  void whatIsNotThereIsRefusedWithTheMend() {
    assertTrue(
        describe("nobody_there", "orders", "member")
            .refusals()
            .toString()
            .contains("does not exist"));
    assertTrue(
        describe("orders_ro", "no_such_db", "member").refusals().toString().contains("no_such_db"));
    assertTrue(
        describe("orders_ro", "curfew_maintenance", "member")
            .refusals()
            .toString()
            .contains("where Curfew works"));
  }

  // -- what is shown

  @Test
  void whatAnEntitlementGivesIsReadFromTheTarget() {
    Described readOnly = describe("orders_ro", "orders", "member");
    assertEquals(List.of(), readOnly.refusals());
    assertTrue(
        readOnly.gives().contains("SELECT on tables in schema shop: customers, orders"),
        readOnly.gives().toString());
    Described readWrite = describe("orders_rw", "orders", "member");
    assertTrue(
        readWrite
            .gives()
            .contains("DELETE, INSERT, SELECT, UPDATE on tables in schema shop: orders"),
        readWrite.gives().toString());
    Described owner = describe("orders_owner", "orders", "owner");
    assertTrue(owner.gives().contains("owns schema shop"), owner.gives().toString());
    assertTrue(owner.gives().get(0).startsWith("acts as role orders_owner"));
  }

  @Test
  void whatEveryLoginMayDoIsShown() {
    postgres.admin("postgres", "CREATE DATABASE wide_open");
    try {
      assertTrue(
          describe("orders_ro", "orders", "member")
              .everyone()
              .contains("connect to database wide_open"));
      assertTrue(texts(check(), Finding.Severity.WARNING).contains("database wide_open"));
    } finally {
      postgres.admin("postgres", "DROP DATABASE wide_open");
    }
  }

  @Test
  void aServerMadeByTheSetUpScriptIsFit() {
    assertEquals("", texts(check(), Finding.Severity.FATAL));
  }

  @Test
  void aBrokerWithTooLittleOrTooMuchIsFound() {
    finding(
        "pg_signal_backend",
        "REVOKE pg_signal_backend FROM cf_broker",
        "GRANT pg_signal_backend TO cf_broker");
    finding("is a superuser", "ALTER ROLE cf_broker SUPERUSER", "ALTER ROLE cf_broker NOSUPERUSER");
    finding(
        "curfew_estate must not be a member",
        "GRANT orders_ro TO curfew_estate",
        "REVOKE orders_ro FROM curfew_estate");
    finding(
        "curfew_estate must not be able to log in",
        "ALTER ROLE curfew_estate LOGIN",
        "ALTER ROLE curfew_estate NOLOGIN");
  }

  // -- sessions

  @Test
  void sessionsOfEveryKindAreDead() throws Exception {
    Plan plan = plan(owner(Ids.next(), 20));
    Receipt receipt = provision(plan);
    Secret secret = issue(plan);
    Connection idle = enter(secret);
    Connection inTransaction = enter(secret);
    inTransaction.setAutoCommit(false);
    run(inTransaction, "INSERT INTO shop.orders VALUES (1, 1, 1)");
    Connection asAnother = enter(secret);
    run(asAnother, "SET ROLE orders_owner");
    Connection listening = enter(secret);
    run(listening, "LISTEN news");
    Connection busy = enter(secret);
    ExecutorService threads = Executors.newCachedThreadPool();
    AtomicBoolean stop = new AtomicBoolean();
    try {
      Future<?> query =
          threads.submit(
              () -> assertThrows(SQLException.class, () -> run(busy, "SELECT pg_sleep(600)")));
      Future<List<Connection>> storm = threads.submit(() -> reconnect(secret, stop));
      Awaitility.await().until(() -> sessions(receipt) >= 7);
      assertInstanceOf(Outcome.Done.class, revoke(plan.handle(), receipt));
      stop.set(true);
      query.get(5, TimeUnit.SECONDS);
      for (Connection each : List.of(idle, inTransaction, asAnother, listening, busy)) {
        assertFalse(isAlive(each));
      }
      for (Connection each : storm.get(5, TimeUnit.SECONDS)) {
        assertFalse(isAlive(each));
      }
      assertAbsent(plan.handle(), receipt);
    } finally {
      stop.set(true);
      threads.shutdownNow();
    }
  }

  /** Opens sessions as fast as it can and keeps them. */
  private static List<Connection> reconnect(Secret secret, AtomicBoolean stop) {
    List<Connection> all = new ArrayList<>();
    while (!stop.get()) {
      try {
        Connection connection = enter(secret);
        all.add(connection);
        if (all.size() > 3) {
          all.get(all.size() - 3).close();
        }
      } catch (SQLException e) {
        Thread.onSpinWait();
      }
    }
    return all;
  }

  @Test
  void fiftyConnectionsASecondDoNotOutliveTheEndNorKeepTheBrokerOut() throws Exception {
    Plan plan = plan(postgres.readOnly(Ids.next()));
    Receipt receipt = provision(plan);
    Secret secret = issue(plan);
    AtomicInteger tries = new AtomicInteger();
    BlockingQueue<Connection> open = new LinkedBlockingQueue<>();
    // whoever waits for an answer holds up nobody: the next try comes 20 ms later all the same
    Semaphore underWay = new Semaphore(AT_ONCE);
    ExecutorService each = Executors.newCachedThreadPool();
    ScheduledExecutorService storm = Executors.newSingleThreadScheduledExecutor();
    storm.scheduleAtFixedRate(
        () -> {
          if (underWay.tryAcquire()) {
            tries.incrementAndGet();
            each.execute(
                () -> {
                  enterInPlaceOfAnother(secret, open);
                  underWay.release();
                });
          }
        },
        0,
        20,
        TimeUnit.MILLISECONDS);
    try {
      Awaitility.await().until(() -> tries.get() > 100 && !open.isEmpty());
      Instant over = Instant.now();
      assertDone(revoke(plan.handle(), receipt));
      Duration took = Duration.between(over, Instant.now());
      System.out.printf("over in %s on %d, at try %d%n", took, version(), tries.get());
      assertTrue(took.compareTo(Duration.ofSeconds(15)) < 0, "it took " + took);
      int until = tries.get() + 100;
      Awaitility.await().until(() -> tries.get() > until);
      assertEquals(0, sessions(receipt));
      open.forEach(session -> assertFalse(isAlive(session)));
      assertAbsent(plan.handle(), receipt);
    } finally {
      storm.shutdownNow();
      each.shutdownNow();
    }
  }

  private static void enterInPlaceOfAnother(Secret secret, BlockingQueue<Connection> open) {
    try {
      open.add(enter(secret));
      if (open.size() > 3) {
        open.remove().close();
      }
    } catch (SQLException refused) {
      // the next one tries, too
    }
  }

  @Test
  void aPreparedTransactionIsRolledBack() throws SQLException {
    Plan plan = plan(postgres.ask(Ids.next(), entitlement("orders_rw", "orders", "member")));
    Receipt receipt = provision(plan);
    Connection connection = enter(issue(plan));
    connection.setAutoCommit(false);
    String name = "it's \"prepared\" " + plan.handle().grant();
    run(
        connection,
        "INSERT INTO shop.orders VALUES (4711, 1, 1)",
        "PREPARE TRANSACTION '" + name.replace("'", "''") + "'");
    List<String> facts = new ArrayList<>();
    assertDone(
        connector.revoke(plan.handle(), receipt, (step, so, done) -> facts.addAll(done), limits()));
    assertTrue(facts.toString().contains("prepared transaction \"" + name + "\""));
    assertEquals(List.of(), postgres.ask("orders", "SELECT gid FROM pg_prepared_xacts"));
    assertEquals(List.of(), postgres.ask("orders", "SELECT id FROM shop.orders WHERE id = 4711"));
    assertAbsent(plan.handle(), receipt);
  }

  @Test
  void aSessionThatOutlivesItsRoleIsFoundAndKilled() throws SQLException {
    Plan plan = plan(postgres.readOnly(Ids.next()));
    Receipt receipt = provision(plan);
    try (Connection session = enter(issue(plan))) {
      postgres.admin("postgres", "DROP ROLE " + role(plan));
      assertTrue(isAlive(session), "PostgreSQL lets it live on");
      Verdict seen = verify(plan.handle(), receipt);
      assertEquals(Presence.PRESENT, seen.presence());
      assertTrue(seen.live());
      assertTrue(seen.why().contains("is open"), seen.why());
      assertEquals(
          Presence.UNKNOWN,
          verify(plan.handle(), Receipt.NONE).presence(),
          "without an oid it cannot be ruled out that it is this grant's");
      assertTrue(texts(check(), Finding.Severity.WARNING).contains("no longer exists"));
      assertInstanceOf(Outcome.Done.class, revoke(plan.handle(), receipt));
      assertFalse(isAlive(session));
    }
    assertAbsent(plan.handle(), receipt);
    assertAbsent(plan.handle(), Receipt.NONE);
  }

  @Test
  void aPasswordTheGranteeSetOpensNothingAfterTheEnd() throws SQLException {
    Plan plan = plan(postgres.readOnly(Ids.next()));
    Receipt receipt = provision(plan);
    Secret secret = issue(plan);
    try (Connection session = enter(secret)) {
      run(session, "ALTER ROLE " + role(plan) + " PASSWORD 'mine'");
    }
    connector.revoke(plan.handle(), receipt, (step, so, facts) -> false, limits());
    for (String name : List.of(role(plan), line(secret, "user").replace("jit_", "jitx_"))) {
      SQLException refused =
          assertThrows(
              SQLException.class,
              () -> DriverManager.getConnection(line(secret, "jdbc"), name, "mine"));
      assertEquals("28P01", refused.getSQLState(), refused.getMessage());
    }
    assertInstanceOf(Outcome.Done.class, revoke(plan.handle(), receipt));
  }

  @Test
  void aLateAlterRoleFindsNobodyAfterBlock() throws SQLException {
    Plan plan = plan(postgres.readOnly(Ids.next()));
    Receipt receipt = provision(plan);
    connector.revoke(plan.handle(), receipt, (step, so, facts) -> false, limits());
    try (Connection broker =
        DriverManager.getConnection(
            postgres.server.url("curfew_maintenance"),
            PostgresTarget.BROKER,
            new String(postgres.brokerPassword))) {
      SQLException late =
          assertThrows(
              SQLException.class,
              () -> run(broker, "ALTER ROLE " + role(plan) + " LOGIN PASSWORD 'late'"));
      assertEquals("42704", late.getSQLState());
    }
    assertInstanceOf(Outcome.Done.class, revoke(plan.handle(), receipt));
  }

  // -- what an account may do to itself, and to the broker

  @Test
  void aGranteeThatHoldsItsOwnRowDoesNotKeepBlockWaiting() throws SQLException {
    Plan plan = plan(postgres.readOnly(Ids.next()));
    Receipt receipt = provision(plan);
    try (Connection holder = enter(issue(plan))) {
      holder.setAutoCommit(false);
      run(holder, "ALTER ROLE " + role(plan) + " PASSWORD 'mine'");
      assertDone(revoke(plan.handle(), receipt));
      assertFalse(isAlive(holder));
    }
    assertAbsent(plan.handle(), receipt);
  }

  @Test
  void aPreparedChangeOfItsOwnRowDoesNotKeepBlockWaiting() throws SQLException {
    Plan plan = plan(postgres.readOnly(Ids.next()));
    Receipt receipt = provision(plan);
    Secret secret = issue(plan);
    try (Connection session = enter(secret);
        Connection other = enter(secret)) {
      run(
          session,
          "BEGIN",
          "ALTER ROLE " + role(plan) + " PASSWORD 'mine'",
          "PREPARE TRANSACTION 'own-row-" + plan.handle().grant() + "'");
      assertDone(revoke(plan.handle(), receipt));
      assertFalse(isAlive(session));
      assertFalse(isAlive(other));
    }
    assertAbsent(plan.handle(), receipt);
  }

  @Test
  void aStormOfOwnPasswordsDoesNotWinAgainstBlock() throws Exception {
    Plan plan = plan(postgres.readOnly(Ids.next()));
    Receipt receipt = provision(plan);
    Secret secret = issue(plan);
    AtomicBoolean stop = new AtomicBoolean();
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      for (int i = 0; i < 3; i++) {
        threads.submit(
            () -> {
              while (!stop.get()) {
                try (Connection session = enter(secret)) {
                  while (!stop.get()) {
                    run(
                        session,
                        "ALTER ROLE "
                            + role(plan)
                            + " PASSWORD '"
                            + line(secret, "password")
                            + "'");
                  }
                } catch (SQLException e) {
                  Thread.onSpinWait();
                }
              }
            });
      }
      Awaitility.await().until(() -> sessions(receipt) > 1);
      assertDone(revoke(plan.handle(), receipt));
    } finally {
      stop.set(true);
      threads.shutdownNow();
    }
    assertAbsent(plan.handle(), receipt);
  }

  @Test
  void itsOwnSettingsChangeNothingForTheBroker() throws SQLException {
    Plan plan = plan(postgres.readOnly(Ids.next()));
    Receipt receipt = provision(plan);
    try (Connection session = enter(issue(plan))) {
      run(
          session,
          "ALTER ROLE " + role(plan) + " SET statement_timeout = 0",
          "ALTER ROLE " + role(plan) + " SET search_path = scratch",
          "ALTER ROLE " + role(plan) + " SET default_transaction_read_only = on",
          "ALTER ROLE " + role(plan) + " IN DATABASE orders SET idle_session_timeout = 0",
          "SET client_connection_check_interval = 0",
          "SET application_name = 'curfew'",
          "CREATE TABLE scratch.of_settings (id int)");
    }
    assertDone(revoke(plan.handle(), receipt));
    assertAbsent(plan.handle(), receipt);
  }

  @Test
  void moreSessionsThanWereGivenAreRefused() throws SQLException {
    Plan plan = plan(postgres.readOnly(Ids.next()));
    Receipt receipt = provision(plan);
    Secret secret = issue(plan);
    List<Connection> all = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      all.add(enter(secret));
    }
    SQLException refused = assertThrows(SQLException.class, () -> enter(secret));
    assertEquals("53300", refused.getSQLState(), refused.getMessage());
    assertDone(revoke(plan.handle(), receipt));
    all.forEach(each -> assertFalse(isAlive(each)));
  }

  @Test
  void whateverASessionHoldsIsLetGo() throws Exception {
    Plan plan = plan(owner(Ids.next(), 20));
    Receipt receipt = provision(plan);
    Secret secret = issue(plan);
    List<Connection> all = new ArrayList<>();
    for (List<String> does :
        List.of(
            List.of("SELECT pg_advisory_lock(4711)"),
            List.of("BEGIN ISOLATION LEVEL REPEATABLE READ", "SELECT count(*) FROM shop.orders"),
            List.of("BEGIN", "LOCK TABLE shop.customers IN ACCESS EXCLUSIVE MODE"),
            List.of(
                "BEGIN",
                "DECLARE kept CURSOR WITH HOLD FOR SELECT generate_series(1, 10)",
                "COMMIT"),
            List.of("SET idle_in_transaction_session_timeout = 0", "BEGIN"),
            List.of("SET ROLE NONE", "SET SESSION AUTHORIZATION DEFAULT", "LISTEN me"))) {
      Connection session = enter(secret);
      run(session, does.toArray(String[]::new));
      all.add(session);
    }
    Connection copying = enter(secret);
    copying
        .unwrap(org.postgresql.PGConnection.class)
        .getCopyAPI()
        .copyIn("COPY shop.orders FROM STDIN");
    assertDone(revoke(plan.handle(), receipt));
    all.forEach(each -> assertFalse(isAlive(each)));
    assertAbsent(plan.handle(), receipt);
    assertEquals(
        List.of(), postgres.ask("orders", "SELECT 1 FROM pg_locks WHERE locktype = 'advisory'"));
    copying.close();
  }

  @Test
  void whatAGranteeWasGivenItCannotGiveOn() throws SQLException {
    postgres.admin("postgres", "CREATE ROLE accomplice LOGIN");
    Plan plan = plan(postgres.readOnly(Ids.next()));
    Receipt receipt = provision(plan);
    try (Connection session = enter(issue(plan))) {
      run(session, "GRANT SELECT ON shop.customers TO accomplice");
      assertEquals(
          List.of("f"),
          read(session, "SELECT has_table_privilege('accomplice', 'shop.customers', 'SELECT')"));
    }
    assertDone(revoke(plan.handle(), receipt));
    postgres.admin("postgres", "DROP ROLE accomplice");
  }

  // -- what is left behind

  @Test
  void whatAGranteeLeavesBehindGrantsNobodyAnything() throws SQLException {
    postgres.admin(
        "orders",
        "DROP ROLE IF EXISTS bystander",
        "CREATE ROLE bystander LOGIN PASSWORD 'bystander'",
        "GRANT CONNECT ON DATABASE orders TO bystander",
        "GRANT USAGE ON SCHEMA scratch TO bystander");
    Plan plan = plan(postgres.readOnly(Ids.next()));
    Receipt receipt = provision(plan);
    try (Connection session = enter(issue(plan))) {
      run(
          session,
          "CREATE VIEW scratch.peek AS SELECT * FROM shop.customers",
          "GRANT SELECT ON scratch.peek TO PUBLIC",
          "CREATE FUNCTION scratch.peek() RETURNS bigint SECURITY DEFINER LANGUAGE sql"
              + " AS 'SELECT count(*) FROM shop.customers'",
          "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC");
    }
    try (Connection bystander =
        DriverManager.getConnection(postgres.server.url("orders"), "bystander", "bystander")) {
      assertEquals(List.of("100"), read(bystander, "SELECT count(*) FROM scratch.peek"));
      List<String> facts = new ArrayList<>();
      assertDone(
          connector.revoke(
              plan.handle(), receipt, (step, so, done) -> facts.addAll(done), limits()));
      assertDenied(bystander, "SELECT count(*) FROM scratch.peek");
      assertDenied(bystander, "SELECT scratch.peek()");
      assertTrue(
          facts.toString().contains("view scratch.peek in database orders"), facts.toString());
      assertTrue(facts.toString().contains("function scratch.peek() in database orders"));
    }
    assertAbsent(plan.handle(), receipt);
    postgres.admin(
        "orders", "DROP OWNED BY curfew_estate", "DROP OWNED BY bystander", "DROP ROLE bystander");
  }

  @Test
  void everyKindOfThingLeftBehindIsTakenFromTheGrantee() throws SQLException {
    postgres.admin("orders", "CREATE ROLE heir LOGIN", "GRANT USAGE ON SCHEMA scratch TO heir");
    Plan plan = plan(postgres.readOnly(Ids.next()));
    Receipt receipt = provision(plan);
    String me = role(plan);
    try (Connection session = enter(issue(plan))) {
      session.setAutoCommit(true);
      run(
          session,
          "CREATE TABLE scratch.\"it's; DROP TABLE shop.orders; --\" (id serial primary key)",
          "CREATE TABLE scratch.chained (id int)",
          "GRANT SELECT ON scratch.chained TO heir WITH GRANT OPTION",
          "ALTER TABLE scratch.chained RENAME TO renamed",
          "ALTER TABLE scratch.renamed ENABLE ROW LEVEL SECURITY",
          "CREATE POLICY mine ON scratch.renamed TO " + me + " USING (true)",
          "CREATE TYPE scratch.mood AS ENUM ('fine')",
          "CREATE DOMAIN scratch.small AS int CHECK (VALUE < 10)",
          "CREATE SEQUENCE scratch.counter",
          "CREATE FUNCTION scratch.boom() RETURNS trigger LANGUAGE plpgsql AS"
              + " $$ BEGIN RAISE EXCEPTION 'boom'; END $$",
          "CREATE TRIGGER boom BEFORE INSERT ON scratch.renamed EXECUTE FUNCTION scratch.boom()",
          "CREATE RULE nothing AS ON DELETE TO scratch.renamed DO INSTEAD NOTHING",
          "CREATE MATERIALIZED VIEW scratch.kept AS SELECT * FROM shop.customers",
          "CREATE AGGREGATE scratch.total (int) (SFUNC = int4pl, STYPE = int)",
          "CREATE OPERATOR scratch.=== (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq)",
          "CREATE COLLATION scratch.mine FROM \"C\"",
          "CREATE TEXT SEARCH CONFIGURATION scratch.mine (COPY = pg_catalog.simple)",
          "CREATE STATISTICS scratch.both ON id, (id + 1) FROM scratch.\"it's; DROP TABLE shop.orders; --\"",
          "SELECT lo_create(0)",
          "ALTER DEFAULT PRIVILEGES IN SCHEMA scratch GRANT ALL ON TABLES TO heir",
          "ALTER DEFAULT PRIVILEGES FOR ROLE " + me + " GRANT EXECUTE ON FUNCTIONS TO heir");
    }
    List<String> facts = new ArrayList<>();
    assertDone(
        connector.revoke(plan.handle(), receipt, (step, so, done) -> facts.addAll(done), limits()));
    assertAbsent(plan.handle(), receipt);
    assertTrue(facts.toString().contains("large object"), facts.toString());
    assertTrue(facts.toString().contains("materialized view scratch.kept"), facts.toString());
    assertEquals(List.of("0"), postgres.ask("orders", "SELECT count(*) FROM shop.orders"));
    postgres.admin(
        "orders", "DROP OWNED BY curfew_estate CASCADE", "DROP OWNED BY heir", "DROP ROLE heir");
  }

  @Test
  void aLockThatAPreparedTransactionHoldsDoesNotStopTheCleaning() throws SQLException {
    Plan plan = plan(postgres.readOnly(Ids.next()));
    Receipt receipt = provision(plan);
    try (Connection session = enter(issue(plan))) {
      run(
          session,
          "CREATE TABLE scratch.held (id int)",
          "BEGIN",
          "LOCK TABLE scratch.held IN ACCESS EXCLUSIVE MODE",
          "PREPARE TRANSACTION 'held-" + plan.handle().grant() + "'");
    }
    assertDone(revoke(plan.handle(), receipt));
    assertAbsent(plan.handle(), receipt);
    postgres.admin("orders", "DROP OWNED BY curfew_estate");
  }

  @Test
  void manyTablesAreCleanedInPartsSoThatNoTransactionLocksThemAll() throws SQLException {
    Plan plan = plan(postgres.readOnly(Ids.next()));
    Receipt receipt = provision(plan);
    try (Connection session = enter(issue(plan))) {
      run(
          session,
          "DO $$ BEGIN FOR i IN 1..500 LOOP"
              + " EXECUTE 'CREATE TABLE scratch.many_' || i || ' (id text)';"
              + " IF i % 100 = 0 THEN COMMIT; END IF; END LOOP; END $$");
    }
    assertDone(revoke(plan.handle(), receipt));
    assertAbsent(plan.handle(), receipt);
    assertTrue(postgres.log().split("DO \\$part\\$").length > 2);
    postgres.admin(
        "orders",
        "DO $$ DECLARE t text; n int := 0; BEGIN FOR t IN SELECT tablename FROM pg_tables WHERE"
            + " tablename LIKE 'many\\_%' LOOP EXECUTE 'DROP TABLE scratch.' || t; n := n + 1;"
            + " IF n % 100 = 0 THEN COMMIT; END IF; END LOOP; END $$");
  }

  @Test
  void whatAnOwnerMakesBelongsToTheOwnerFromTheStart() throws SQLException {
    Plan plan = plan(postgres.owner(Ids.next()));
    Receipt receipt = provision(plan);
    try (Connection session = enter(issue(plan))) {
      assertEquals(List.of("orders_owner"), read(session, "SELECT current_user"));
      run(session, "CREATE TABLE shop.migrated (id int)");
    }
    List<String> facts = new ArrayList<>();
    assertDone(
        connector.revoke(plan.handle(), receipt, (step, so, done) -> facts.addAll(done), limits()));
    assertAbsent(plan.handle(), receipt);
    assertEquals(
        List.of("orders_owner"),
        postgres.ask("orders", "SELECT tableowner FROM pg_tables WHERE tablename = 'migrated'"));
    assertFalse(facts.toString().contains("left behind"), facts.toString());
    postgres.admin("orders", "DROP TABLE shop.migrated");
  }

  @Test
  void databaseSettingsTurnedAgainstTheBrokerAreOverridden() throws SQLException {
    Plan plan = plan(postgres.readOnly(Ids.next()));
    Receipt receipt = provision(plan);
    try (Connection session = enter(issue(plan))) {
      run(session, "CREATE TABLE scratch.mine (id int)");
    }
    List<String> hostile =
        new ArrayList<>(
            List.of(
                "default_transaction_read_only = on",
                "search_path = evil",
                "statement_timeout = '1ms'",
                "lock_timeout = '1ms'",
                "idle_in_transaction_session_timeout = '1ms'",
                "idle_session_timeout = '1ms'",
                "standard_conforming_strings = off",
                "local_preload_libraries = 'nowhere'",
                "role = 'curfew_estate'"));
    if (version() >= 17) {
      hostile.add("transaction_timeout = '1ms'");
    }
    postgres.admin(
        "orders",
        "CREATE SCHEMA evil",
        "CREATE FUNCTION evil.current_database() RETURNS name LANGUAGE sql AS $$ SELECT 'x'::name $$");
    try {
      // as superuser in the maintenance database, since nobody gets into orders any more
      hostile.forEach(
          setting -> postgres.admin("postgres", "ALTER DATABASE orders SET " + setting));
      Outcome outcome = revoke(plan.handle(), receipt);
      assertInstanceOf(Outcome.Done.class, outcome, outcome.toString());
    } finally {
      postgres.admin("postgres", "ALTER DATABASE orders RESET ALL");
    }
    assertAbsent(plan.handle(), receipt);
    postgres.admin("orders", "DROP SCHEMA evil CASCADE", "DROP OWNED BY curfew_estate");
  }

  @Test
  void rightsThatOthersGaveAreNamedUntilTheyTakeThemBack() throws SQLException {
    Plan plan = plan(postgres.readOnly(Ids.next()));
    Receipt receipt = provision(plan);
    postgres.admin(
        "orders", "SET ROLE orders_owner", "GRANT UPDATE ON shop.customers TO " + role(plan));
    List<Step> steps = new ArrayList<>();
    Outcome.Again again =
        assertInstanceOf(
            Outcome.Again.class,
            connector.revoke(
                plan.handle(), receipt, (step, so, facts) -> steps.add(step), limits()));
    assertEquals(List.of(Step.BLOCK, Step.KILL), steps);
    assertTrue(again.why().contains("table shop.customers in database orders"), again.why());
    postgres.admin(
        "orders",
        "SET ROLE orders_owner",
        "REVOKE ALL ON shop.customers FROM " + role(plan).replace("jit_", "jitx_"));
    assertInstanceOf(Outcome.Done.class, revoke(plan.handle(), receipt));
    assertAbsent(plan.handle(), receipt);
  }

  @Test
  void severalDatabasesAreCleanedAndOneThatIsGoneIsNoObstacle() throws SQLException {
    postgres.admin("postgres", "CREATE DATABASE other");
    postgres.allow("other", "orders_ro");
    postgres.admin("other", "CREATE SCHEMA scratch", "GRANT ALL ON SCHEMA scratch TO orders_ro");
    Plan plan = plan(postgres.readOnly(Ids.next()));
    Receipt receipt = provision(plan);
    Secret secret = issue(plan);
    for (String database : List.of("orders", "other")) {
      try (Connection session =
          DriverManager.getConnection(
              postgres.server.url(database), line(secret, "user"), line(secret, "password"))) {
        run(session, "CREATE TABLE scratch.spread (id int)");
      }
    }
    List<String> facts = new ArrayList<>();
    assertDone(
        connector.revoke(plan.handle(), receipt, (step, so, done) -> facts.addAll(done), limits()));
    assertAbsent(plan.handle(), receipt);
    assertTrue(facts.toString().contains("table scratch.spread in database orders"));
    assertTrue(facts.toString().contains("table scratch.spread in database other"));
    postgres.admin("orders", "DROP OWNED BY curfew_estate");
    postgres.admin("postgres", "DROP DATABASE other");
  }

  @Test
  void aDatabaseThatCurfewMayNotEnterIsNeverGivenAndNoServerThatIsDown() throws SQLException {
    postgres.admin("postgres", "CREATE DATABASE closed");
    postgres.allow("closed", "orders_ro");
    postgres.admin("closed", "CREATE SCHEMA scratch", "GRANT ALL ON SCHEMA scratch TO orders_ro");
    Plan plan = plan(postgres.readOnly(Ids.next()));
    Receipt receipt = provision(plan);
    Secret secret = issue(plan);
    try (Connection session =
        DriverManager.getConnection(
            postgres.server.url("closed"), line(secret, "user"), line(secret, "password"))) {
      run(session, "CREATE TABLE scratch.kept (id int)");
    }
    postgres.admin(
        "postgres",
        "REVOKE ALL ON DATABASE closed FROM PUBLIC",
        "REVOKE ALL ON DATABASE closed FROM cf_broker");
    assertTrue(
        describe("orders_ro", "orders", "member")
            .refusals()
            .toString()
            .contains("may connect to database closed, where Curfew could not end"));
    Outcome.Again again =
        assertInstanceOf(Outcome.Again.class, revoke(plan.handle(), receipt.handedOut()));
    assertTrue(again.why().contains("does not let Curfew connect"), again.why());
    assertTrue(again.reached(), "it answers well, so nobody is to be woken when it answers");
    postgres.admin("postgres", "GRANT CONNECT ON DATABASE closed TO cf_broker");
    assertDone(revoke(plan.handle(), receipt.handedOut()));
    assertAbsent(plan.handle(), receipt);
    postgres.admin("postgres", "DROP DATABASE closed");
  }

  @Test
  void moreLargeObjectsThanOneCallTakesGoInParts() throws SQLException {
    Plan plan = plan(postgres.readOnly(Ids.next()));
    Receipt receipt = provision(plan);
    try (Connection session = enter(issue(plan))) {
      run(session, "SELECT count(lo_create(0)) FROM generate_series(1, 4500)");
    }
    List<String> facts = new ArrayList<>();
    assertDone(
        connector.revoke(plan.handle(), receipt, (step, so, done) -> facts.addAll(done), limits()));
    assertTrue(facts.toString().contains("4401 more in database orders"), facts.toString());
    assertAbsent(plan.handle(), receipt);
    assertEquals(
        List.of("4500"),
        postgres.ask(
            "orders",
            "SELECT count(*) FROM pg_largeobject_metadata"
                + " WHERE lomowner = 'curfew_estate'::regrole"));
    postgres.admin("orders", "DROP OWNED BY curfew_estate");
  }

  @Test
  void betweenTheTwoLooksForSessionsNoHandIsKept() throws SQLException {
    SqlConnector unhurried = postgres.connector();
    Plan plan = plan(postgres.readOnly(Ids.next()));
    Receipt receipt = provision(plan);
    List<Step> steps = new ArrayList<>();
    List<String> facts = new ArrayList<>();
    Progress progress =
        (step, so, done) -> {
          steps.add(step);
          facts.addAll(done);
          return true;
        };
    try (Connection session = enter(issue(plan))) {
      Outcome.Later later =
          assertInstanceOf(
              Outcome.Later.class, unhurried.revoke(plan.handle(), receipt, progress, limits()));
      assertEquals(Duration.ofSeconds(2), later.after());
      assertEquals(List.of(Step.BLOCK), steps, "that nobody is inside is not said yet");
      assertThrows(SQLException.class, () -> run(session, "SELECT 1"));

      steps.clear();
      Outcome.Done done =
          assertInstanceOf(
              Outcome.Done.class,
              unhurried.revoke(plan.handle(), later.receipt(), progress, limits()));
      assertEquals(List.of(Step.BLOCK, Step.KILL, Step.CLEAN), steps);
      assertTrue(facts.contains("sessions ended: 1"), facts.toString());
      assertAbsent(plan.handle(), done.receipt());
    }
  }

  @Test
  void aLockThatIsHeldDelaysOnlyTheCleaning() throws SQLException {
    Plan plan = plan(postgres.readOnly(Ids.next()));
    Receipt receipt = provision(plan);
    try (Connection session = enter(issue(plan))) {
      run(session, "CREATE TABLE scratch.locked (id int)");
    }
    try (Connection holder = postgres.server.connect("orders")) {
      holder.setAutoCommit(false);
      run(holder, "LOCK TABLE scratch.locked IN ACCESS SHARE MODE");
      List<Step> steps = new ArrayList<>();
      List<String> facts = new ArrayList<>();
      Outcome.Again again =
          assertInstanceOf(
              Outcome.Again.class,
              connector.revoke(
                  plan.handle(),
                  receipt,
                  (step, so, done) -> steps.add(step) && facts.addAll(done),
                  limits()));
      assertEquals(List.of(Step.BLOCK, Step.KILL, Step.KILL), steps);
      assertTrue(again.why().contains("lock"), again.why());
      assertTrue(
          facts.get(facts.size() - 1).contains("table scratch.locked"),
          "what is left behind is on record before it changes hands");
      Outcome.Again late =
          assertInstanceOf(
              Outcome.Again.class,
              connector.revoke(plan.handle(), receipt, ON, Limits.within(Duration.ofSeconds(4))));
      assertTrue(late.why().contains("did not answer in time"), late.why());
      assertTrue(late.reached(), "nobody is inside, and the server answers well");
      Awaitility.await().until(() -> brokerSessions() == 0);
      holder.rollback();
    }
    assertInstanceOf(Outcome.Done.class, revoke(plan.handle(), receipt));
    assertAbsent(plan.handle(), receipt);
    postgres.admin("orders", "DROP OWNED BY curfew_estate");
  }

  // -- names, marks and servers

  @Test
  void namesWithQuotesAreNamesAndNothingElse() throws SQLException {
    String group = "we\"ird'; DROP TABLE shop.orders; --";
    String database = "or\"d'ers :\"role\" \\; --";
    postgres.admin(
        "postgres", "CREATE ROLE " + quoted(group), "CREATE DATABASE " + quoted(database));
    postgres.allow(database, group);
    Plan plan = plan(postgres.ask(Ids.next(), entitlement(group, database, "owner")));
    Receipt receipt = provision(plan);
    Secret secret = issue(plan);
    try (Connection session = enter(secret)) {
      assertEquals(List.of(database), read(session, "SELECT current_database()"));
      assertEquals(List.of(group), read(session, "SELECT current_user"));
      run(session, "CREATE TEMP TABLE t (id int)");
    } catch (SQLException e) {
      assertTrue(e.getMessage().contains("permission denied to create temporary"), e.getMessage());
    }
    assertEquals(List.of(), describe(group, database, "owner").refusals());
    assertInstanceOf(Outcome.Done.class, revoke(plan.handle(), receipt));
    assertAbsent(plan.handle(), receipt);
    assertEquals(List.of("0"), postgres.ask("orders", "SELECT count(*) FROM shop.orders"));
    postgres.admin("postgres", "DROP DATABASE " + quoted(database), "DROP ROLE " + quoted(group));
  }

  @Test
  void rolesThatOnlyLookLikeOursAreNeverTouched() {
    String plain = Ids.next();
    String foreign = Ids.next();
    String other = Ids.next();
    Plan plan = plan(postgres.readOnly(foreign));
    String mark =
        Marks.text(
            new dev.curfew.connector.Mark("another-installation", "b1", foreign, Instant.EPOCH));
    postgres.admin(
        "postgres",
        "CREATE ROLE jit_b1_" + plain + " LOGIN",
        "CREATE ROLE jit_b1_" + foreign + " LOGIN",
        "COMMENT ON ROLE jit_b1_" + foreign + " IS '" + mark + "'",
        "CREATE ROLE jit_b2_" + other + " LOGIN",
        "CREATE ROLE jit_b1_reports LOGIN");
    String before = lookAlikes();
    for (String grant : List.of(plain, foreign)) {
      Handle handle = plan(postgres.readOnly(grant)).handle();
      assertInstanceOf(
          Outcome.Refused.class,
          connector.provision(plan(postgres.readOnly(grant)), end, limits()));
      assertThrows(ConnectorException.class, () -> connector.issue(handle, end, limits()));
      assertInstanceOf(Outcome.Refused.class, revoke(handle, Receipt.NONE));
    }
    assertEquals(before, lookAlikes());
    Map<String, Found> found = new TreeMap<>();
    connector
        .sweep(postgres.target(), "b1", limits())
        .forEach(each -> found.put(each.name(), each));
    assertTrue(found.get("jit_b1_" + plain).mark().isEmpty());
    assertEquals(
        "another-installation", found.get("jit_b1_" + foreign).mark().orElseThrow().installation());
    assertTrue(found.get("jit_b1_" + foreign).open());
    assertFalse(found.containsKey("jit_b2_" + other));
    postgres.admin(
        "postgres",
        "DROP ROLE jit_b1_"
            + plain
            + ", jit_b1_"
            + foreign
            + ", jit_b2_"
            + other
            + ", jit_b1_reports");
    assertEquals(plan, plan(postgres.readOnly(foreign)));
  }

  @Test
  void anotherServerProvesNothingAndItsRolesAreSafe() throws SQLException {
    Plan plan = plan(postgres.readOnly(Ids.next()));
    Receipt receipt = provision(plan);
    assertInstanceOf(Outcome.Done.class, revoke(plan.handle(), receipt));
    postgres.admin(
        "postgres",
        "CREATE ROLE innocent LOGIN PASSWORD 'innocent'",
        "GRANT CONNECT ON DATABASE orders TO innocent");
    String oid = postgres.ask("postgres", "SELECT 'innocent'::regrole::oid").get(0);
    Map<String, String> facts = new TreeMap<>(receipt.facts());
    facts.put("system", "1234567890");
    facts.put("ids", oid);
    Receipt elsewhere = new Receipt(facts);
    Verdict verdict = verify(plan.handle(), elsewhere);
    assertEquals(Presence.UNKNOWN, verdict.presence());
    assertTrue(verdict.evidence().toString().contains("1234567890"));
    try (Connection innocent =
        DriverManager.getConnection(postgres.server.url("orders"), "innocent", "innocent")) {
      revoke(plan.handle(), elsewhere);
      assertTrue(isAlive(innocent));
    }
    postgres.admin("orders", "DROP OWNED BY innocent", "DROP ROLE innocent");
  }

  @Test
  void aServerThatRemembersLessThanItWasToldProvesNothing() {
    Plan plan = plan(postgres.readOnly(Ids.next()));
    Receipt receipt = provision(plan);
    assertDone(revoke(plan.handle(), receipt));
    connector.witness(
        postgres.target(),
        PostgresTarget.BROKER_ID,
        new Witness(PostgresTarget.INSTALLATION, 1, 7, "seventh"),
        limits());
    connector.witness(
        postgres.target(),
        PostgresTarget.BROKER_ID,
        new Witness(PostgresTarget.INSTALLATION, 1, 3, "third"),
        limits()); // of another target on that server, which was slower
    for (Told all : List.of(new Told(1, 6), new Told(1, 7))) {
      assertAbsent(all.on(plan.handle()), receipt);
    }
    for (Told more : List.of(new Told(1, 8), new Told(2, 1))) {
      Verdict verdict = verify(more.on(plan.handle()), receipt);
      assertEquals(Presence.UNKNOWN, verdict.presence());
      assertTrue(verdict.detail().contains("remembers less than it was told"), verdict.detail());
    }
  }

  @Test
  void aRevocationOnAnotherServerDoesNoStep() throws SQLException {
    Plan plan = plan(postgres.readOnly(Ids.next()));
    Receipt receipt = provision(plan);
    Map<String, String> facts = new TreeMap<>(receipt.facts());
    facts.put("system", "1234567890");
    List<Step> steps = new ArrayList<>();
    try (Connection session = enter(issue(plan))) {
      Outcome.Again again =
          assertInstanceOf(
              Outcome.Again.class,
              connector.revoke(
                  plan.handle(),
                  new Receipt(facts),
                  (step, so, done) -> steps.add(step),
                  limits()));
      assertFalse(again.reached(), "when the right one answers, all that waits is woken");
      assertTrue(
          again
              .detail()
              .startsWith(
                  "orders-db answers as another server than the one this access was made on"),
          again.detail());
      assertEquals("orders-db is not the server it is known as", again.why());
      assertEquals(List.of(), steps);
      assertTrue(isAlive(session));
      assertTrue(postgres.exists(role(plan)), "a role of the same name there is not touched");
    }
    assertDone(revoke(plan.handle(), receipt));
    assertAbsent(plan.handle(), receipt);
  }

  @Test
  void twoProvisionsAtOnceMakeOneRole() throws Exception {
    for (int i = 0; i < 5; i++) {
      Plan plan = plan(postgres.readOnly(Ids.next()));
      CompletableFuture<Outcome> other =
          CompletableFuture.supplyAsync(() -> connector.provision(plan, end, limits()));
      Outcome mine = connector.provision(plan, end, limits());
      assertEquals(mine, other.get(10, TimeUnit.SECONDS));
      assertInstanceOf(Outcome.Done.class, mine);
      revoke(plan.handle(), Receipt.NONE);
    }
  }

  @Test
  void aRoleMadeAgainWhileTheOldOneIsBlockedIsTakenAwayToo() {
    Plan plan = plan(postgres.readOnly(Ids.next()));
    Receipt receipt = provision(plan);
    connector.revoke(plan.handle(), receipt, (step, so, facts) -> false, limits());
    String mark =
        postgres
            .ask(
                "postgres",
                "SELECT shobj_description(oid, 'pg_authid') FROM pg_roles WHERE rolname = '"
                    + role(plan).replace("jit_", "jitx_")
                    + "'")
            .get(0);
    brokerRuns(
        "CREATE ROLE " + role(plan) + " LOGIN",
        "COMMENT ON ROLE " + role(plan) + " IS '" + mark + "'");
    SqlConnector unhurried = postgres.connector();
    Outcome outcome = unhurried.revoke(plan.handle(), receipt, ON, limits());
    for (int calls = 1; calls < 3 && outcome instanceof Outcome.Later later; calls++) {
      outcome = unhurried.revoke(plan.handle(), later.receipt(), ON, limits());
    }
    Outcome.Done done = assertInstanceOf(Outcome.Done.class, outcome);
    assertAbsent(plan.handle(), done.receipt());
  }

  @Test
  void aFailingIssueTellsNoSecret() {
    Plan plan = plan(postgres.readOnly(Ids.next()));
    Receipt receipt = provision(plan);
    postgres.admin("postgres", "ALTER ROLE cf_broker NOCREATEROLE");
    try {
      ConnectorException refused =
          assertThrows(
              ConnectorException.class, () -> connector.issue(plan.handle(), end, limits()));
      assertFalse(refused.detail().contains("SCRAM"), refused.detail());
      assertTrue(refused.detail().startsWith("orders-db said"), refused.detail());
      assertEquals("orders-db refused what Curfew asked of it", refused.getMessage());
    } finally {
      postgres.admin("postgres", "ALTER ROLE cf_broker CREATEROLE");
    }
    assertInstanceOf(Outcome.Done.class, revoke(plan.handle(), receipt));
  }

  @Test
  void theBrokerHoldsNothingOfWhatItGives() throws SQLException {
    Plan plan = plan(postgres.readOnly(Ids.next()));
    provision(plan);
    issue(plan);
    try (Connection broker =
        DriverManager.getConnection(
            postgres.server.url("orders"),
            PostgresTarget.BROKER,
            new String(postgres.brokerPassword))) {
      assertDenied(broker, "SELECT count(*) FROM shop.customers");
    }
    revoke(plan.handle(), Receipt.NONE);
  }

  // -- the dead-man

  @Test
  void theDeadManBlocksAndEndsWhatIsOverAndTouchesNothingElse() throws Exception {
    installDeadMan();
    Plan over = plan(postgres.readOnly(Ids.next()));
    Plan blocked = plan(postgres.readOnly(Ids.next()));
    Plan justOver = plan(postgres.readOnly(Ids.next()));
    Plan running = plan(postgres.readOnly(Ids.next()));
    Plan malformed = plan(postgres.readOnly(Ids.next()));
    Plan elsewhere = plan(postgres.readOnly(Ids.next()));
    Plan dropped = plan(postgres.readOnly(Ids.next()));
    List<Plan> all = List.of(over, blocked, justOver, running, malformed, elsewhere, dropped);
    all.forEach(this::provision);
    Map<Plan, Connection> sessions = new java.util.HashMap<>();
    for (Plan plan : all) {
      sessions.put(plan, enter(issue(plan)));
    }
    Secret ofOver = issue(over);
    String past = "2020-01-01T00:00:00Z";
    mark(role(over), over, past);
    mark(role(justOver), justOver, Instant.now().minusSeconds(1).toString());
    mark(role(malformed), malformed, "2020-13-77T00:00:00Z");
    mark(role(elsewhere), plan(postgres.readOnly(Ids.next())), past);
    postgres.admin(
        "postgres",
        "ALTER ROLE " + role(blocked) + " RENAME TO " + role(blocked).replace("jit_", "jitx_"),
        "DROP ROLE " + role(dropped),
        "CREATE ROLE jit_b1_people LOGIN PASSWORD 'people' VALID UNTIL '2000-01-01'",
        "ALTER ROLE jit_b1_people VALID UNTIL 'infinity'",
        "GRANT CONNECT ON DATABASE orders TO jit_b1_people",
        "COMMENT ON ROLE jit_b1_people IS '{\"curfew\":1,\"exp\":\"" + past + "\"}'");
    try (Connection people =
        DriverManager.getConnection(postgres.server.url("orders"), "jit_b1_people", "people")) {
      assertEquals("3", runAsTheTimerDoes(), "how many it ended");
      assertTrue(isAlive(people));
    }
    for (Plan plan : all) {
      boolean isOver = List.of(over, blocked, dropped).contains(plan);
      assertEquals(!isOver, isAlive(sessions.get(plan)), role(plan));
    }
    SQLException refused = assertThrows(SQLException.class, () -> enter(ofOver));
    assertEquals("28000", refused.getSQLState(), refused.getMessage());
    assertTrue(postgres.exists(role(over)), "it drops nothing");
    assertEquals(
        List.of(role(over)),
        postgres.ask(
            "postgres",
            "SELECT rolname FROM pg_roles WHERE rolname LIKE 'jit\\_b1\\_%' AND NOT rolcanlogin"
                + " AND shobj_description(oid, 'pg_authid') LIKE '{\"curfew\":1,%'"
                + " AND rolname IN ('"
                + String.join("','", all.stream().map(PostgresAbuse::role).toList())
                + "')"));
    for (Connection session : sessions.values()) {
      session.close();
    }
    postgres.admin(
        "orders",
        "DROP OWNED BY jit_b1_people",
        "DROP ROLE jit_b1_people, jitx_b1_" + blocked.handle().grant());
    for (Plan plan : List.of(justOver, running, malformed, elsewhere)) {
      postgres.admin("postgres", "DROP ROLE " + role(plan));
    }
    Receipt learned = revokeAndLearn(over);
    assertEquals("yes", learned.facts().get("opened"), "though it is closed by now");
    assertAbsent(over.handle(), learned);
  }

  private Receipt revokeAndLearn(Plan plan) {
    Outcome outcome = revoke(plan.handle(), Receipt.NONE);
    return assertInstanceOf(Outcome.Done.class, outcome, outcome.toString()).receipt();
  }

  @Test
  void theDeadMansOwnRoleIsOfNoUseToAnybody() {
    installDeadMan();
    assertEquals(
        List.of(),
        postgres.ask(
            "postgres",
            "SELECT member::regrole FROM pg_auth_members WHERE roleid = 'curfew_reaper'::regrole"
                + " AND NOT (SELECT rolsuper FROM pg_roles WHERE oid = member)"));
    Plan plan = plan(postgres.readOnly(Ids.next()));
    provision(plan);
    issue(plan);
    for (String who : List.of(role(plan), PostgresTarget.BROKER)) {
      assertEquals(
          List.of("f"),
          postgres.ask(
              "curfew_maintenance",
              "SELECT has_function_privilege('" + who + "', 'curfew.reap()', 'EXECUTE')"));
    }
    revoke(plan.handle(), Receipt.NONE);
  }

  @Test
  void theUnitsOfTheDeadManAreSound() throws Exception {
    java.nio.file.Path units = java.nio.file.Path.of("connectors", "postgresql", "dead-man");
    if (!java.nio.file.Files.isExecutable(java.nio.file.Path.of("/usr/bin/systemd-analyze"))
        || !java.nio.file.Files.isExecutable(java.nio.file.Path.of("/usr/bin/psql"))) {
      System.out.println("skipped: systemd-analyze or psql is not in /usr/bin");
      return;
    }
    Process verify =
        new ProcessBuilder(
                "/usr/bin/systemd-analyze",
                "verify",
                "--man=no",
                units.resolve("curfew-reaper.service").toString(),
                units.resolve("curfew-reaper.timer").toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(verify.getInputStream().readAllBytes());
    assertEquals(0, verify.waitFor(), said);
  }

  private void installDeadMan() {
    postgres.script("curfew_maintenance", "reaper.sql", Map.of("broker", PostgresTarget.BROKER));
  }

  private void mark(String role, Plan plan, String until) {
    String text =
        "{\"curfew\":1,\"installation\":\"%s\",\"broker\":\"b1\",\"grant\":\"%s\",\"exp\":\"%s\"}"
            .formatted(PostgresTarget.INSTALLATION, plan.handle().grant(), until);
    postgres.admin("postgres", "COMMENT ON ROLE " + role + " IS '" + text + "'");
  }

  /** The very command of the unit where there is a psql, and the same statement elsewhere. */
  private String runAsTheTimerDoes() throws Exception {
    String command =
        java.nio.file.Files.readAllLines(
                java.nio.file.Path.of(
                    "connectors", "postgresql", "dead-man", "curfew-reaper.service"))
            .stream()
            .filter(line -> line.startsWith("ExecStart="))
            .findFirst()
            .orElseThrow()
            .substring("ExecStart=".length());
    if (!java.nio.file.Files.isExecutable(java.nio.file.Path.of(command.split(" ")[0]))) {
      return postgres.ask("curfew_maintenance", "SELECT curfew.reap()").get(0);
    }
    ProcessBuilder timer =
        new ProcessBuilder("/bin/sh", "-c", "exec " + command).redirectErrorStream(true);
    timer
        .environment()
        .putAll(
            Map.of(
                "PGHOST",
                "127.0.0.1",
                "PGPORT",
                Integer.toString(postgres.server.port()),
                "PGUSER",
                "postgres",
                "PGPASSWORD",
                postgres.server.superuserPassword()));
    Process process = timer.start();
    String said = new String(process.getInputStream().readAllBytes()).strip();
    assertEquals(0, process.waitFor(), said);
    return said;
  }

  // -- words of the tests above

  private void refused(String why, String... statements) {
    String group = statements[0].split(" ")[2];
    postgres.admin("postgres", statements);
    postgres.allow("orders", group);
    List<String> shown = describe(group, "orders", "member").refusals();
    assertTrue(shown.toString().contains(why), shown.toString());
    Plan plan = plan(postgres.ask(Ids.next(), entitlement(group, "orders", "member")));
    Outcome.Refused refused =
        assertInstanceOf(Outcome.Refused.class, connector.provision(plan, end, limits()));
    assertTrue(refused.why().contains(why), refused.why());
    assertFalse(postgres.exists(role(plan)));
  }

  private void finding(String text, String broken, String mended) {
    postgres.admin("postgres", broken);
    try {
      assertTrue(texts(check(), Finding.Severity.FATAL).contains(text), check().toString());
    } finally {
      postgres.admin("postgres", mended);
    }
    assertEquals("", texts(check(), Finding.Severity.FATAL));
  }

  private List<Finding> check() {
    return connector.check(postgres.target(), limits()).findings();
  }

  private static String texts(List<Finding> findings, Finding.Severity severity) {
    return String.join(
        "\n",
        findings.stream()
            .filter(finding -> finding.severity() == severity)
            .map(Finding::text)
            .toList());
  }

  private Described describe(String group, String database, String level) {
    return connector.describe(postgres.target(), entitlement(group, database, level), limits());
  }

  private Ask owner(String grant, int connections) {
    return postgres.ask(
        grant,
        new dev.curfew.connector.Entitlement(
            "orders-db/migrate",
            Map.of(
                "role", "orders_owner",
                "database", "orders",
                "level", "owner",
                "connections", Integer.toString(connections))));
  }

  private Plan plan(Ask ask) {
    return connector.plan(ask);
  }

  private Receipt provision(Plan plan) {
    Outcome outcome = connector.provision(plan, end, limits());
    return assertInstanceOf(Outcome.Done.class, outcome, outcome.toString()).receipt();
  }

  private Secret issue(Plan plan) {
    return connector.issue(plan.handle(), end, limits());
  }

  private Outcome revoke(Handle handle, Receipt receipt) {
    return connector.revoke(handle, receipt, ON, limits());
  }

  private static void assertDone(Outcome outcome) {
    assertInstanceOf(Outcome.Done.class, outcome, outcome.toString());
  }

  private Verdict verify(Handle handle, Receipt receipt) {
    return connector.verify(handle, receipt, limits());
  }

  private void assertAbsent(Handle handle, Receipt receipt) {
    Verdict verdict = verify(handle, receipt);
    assertEquals(Presence.ABSENT, verdict.presence(), verdict.evidence().toString());
  }

  private static void assertDenied(Connection connection, String query) {
    SQLException denied = assertThrows(SQLException.class, () -> read(connection, query));
    assertEquals("42501", denied.getSQLState(), denied.getMessage());
  }

  private void brokerRuns(String... statements) {
    try (Connection broker =
        DriverManager.getConnection(
            postgres.server.url("curfew_maintenance"),
            PostgresTarget.BROKER,
            new String(postgres.brokerPassword))) {
      run(broker, statements);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private int sessions(Receipt receipt) {
    return postgres
        .ask(
            "postgres",
            "SELECT pid FROM pg_stat_activity WHERE usesysid = " + receipt.facts().get("ids"))
        .size();
  }

  private int brokerSessions() {
    return postgres
        .ask("postgres", "SELECT pid FROM pg_stat_activity WHERE usename = 'cf_broker'")
        .size();
  }

  private String lookAlikes() {
    return postgres
        .ask(
            "postgres",
            "SELECT rolname || rolcanlogin || rolconnlimit || coalesce(shobj_description(oid,"
                + " 'pg_authid'), '') FROM pg_roles WHERE rolname LIKE 'jit%' ORDER BY 1")
        .toString();
  }

  private static String role(Plan plan) {
    return plan.handle().facts().get("role");
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  private static Limits limits() {
    return Limits.within(Duration.ofSeconds(30));
  }
}

package dev.curfew.connector.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.Ids;
import dev.curfew.boot.Postgres;
import dev.curfew.connector.Ask;
import dev.curfew.connector.Finding;
import dev.curfew.connector.Limits;
import dev.curfew.connector.Outcome;
import dev.curfew.connector.Plan;
import dev.curfew.connector.Presence;
import dev.curfew.connector.Receipt;
import dev.curfew.connector.Secret;
import dev.curfew.connector.Step;
import dev.curfew.connector.Target;
import dev.curfew.connector.Verdict;
import dev.curfew.testing.Servers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** A real streaming standby: who has an account is let in there too. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class StandbyTest {

  private static final int OUT_OF_REACH = -1;

  private static PostgresTarget primary;
  private static Postgres standby;

  private final Instant end = Instant.now().plus(Duration.ofMinutes(30));
  private final SqlConnector connector = primary.quickConnector();
  private final List<Step> steps = new ArrayList<>();
  private final AtomicReference<Receipt> learned = new AtomicReference<>(Receipt.NONE);

  @BeforeAll
  static void start() {
    Servers.requirePg15();
    primary = PostgresTarget.another(15);
    standby = Servers.standby(15, primary.server, "replica1");
  }

  @AfterAll
  static void stop() {
    if (standby != null) {
      standby.crash();
      primary.server.crash();
    }
  }

  @Test
  void aSessionOnAStandbyIsDeadAfterTheRevocation() {
    Target target = primary.target(Map.of("replica1", standby.port()));
    assertEquals(List.of(), fatal(target));
    Plan plan = plan(target);
    assertTrue(plan.effects().toString().contains("on the standby replica1 too"));
    Connection session = enterStandby(plan);
    assertTrue(PostgresTarget.isAlive(session));
    assertInstanceOf(Outcome.Done.class, revoke(plan));
    assertFalse(PostgresTarget.isAlive(session));
    Verdict verdict = verify(plan);
    assertEquals(Presence.ABSENT, verdict.presence(), verdict.detail());
    assertTrue(verdict.detail().contains("on the standby replica1: looked for"), verdict.detail());
  }

  @Test
  void aStandbyThatNobodyNamedClosesTheTargetAndProvesNothing() {
    Plan plan = plan(primary.target());
    assertTrue(
        fatal(primary.target()).toString().contains("a standby \"replica1\" that is not named"),
        fatal(primary.target()).toString());
    Connection session = enterStandby(plan);
    Outcome.Again again = assertInstanceOf(Outcome.Again.class, revoke(plan));
    assertTrue(again.why().contains("not named in its standbys"), again.why());
    assertTrue(again.detail().contains("127.0.0.1"), again.detail());
    assertFalse(again.why().contains("127.0.0.1"), again.why());
    assertEquals(List.of(Step.BLOCK), steps);
    assertTrue(PostgresTarget.isAlive(session));
    primary.admin("postgres", "DROP ROLE " + plan.handle().facts().get("blocked"));
    Verdict verdict = verify(plan);
    assertEquals(Presence.UNKNOWN, verdict.presence(), verdict.detail());
    assertTrue(verdict.live());
  }

  @Test
  void aStandbyThatLagsIsWaitedFor() throws SQLException {
    Plan plan = plan(primary.target(Map.of("replica1", standby.port())));
    Connection session = enterStandby(plan);
    onStandby("SELECT pg_wal_replay_pause()");
    try {
      Outcome.Again again = assertInstanceOf(Outcome.Again.class, revoke(plan));
      assertTrue(again.why().contains("replica1 of orders-db has not replayed"), again.why());
      assertTrue(again.detail().contains("replay is paused"), again.detail());
      assertEquals(List.of(Step.BLOCK), steps);
      assertFalse(PostgresTarget.isAlive(session), "it is ended, though another may come");
      primary.admin("postgres", "DROP ROLE " + plan.handle().facts().get("blocked"));
      Verdict gone = verify(plan);
      assertEquals(Presence.UNKNOWN, gone.presence(), gone.detail());
      assertTrue(gone.live());
    } finally {
      onStandby("SELECT pg_wal_replay_resume()");
    }
    assertInstanceOf(Outcome.Done.class, revoke(plan));
    Verdict verdict = verify(plan);
    assertEquals(Presence.ABSENT, verdict.presence(), verdict.detail());
  }

  @Test
  void whoWasHandedASecretIsLookedForOnTheStandbyThoughSomebodyClosedTheAccountByHand() {
    Plan plan = plan(primary.target(Map.of("replica1", standby.port())));
    Connection session = enterStandby(plan);
    primary.admin("postgres", "ALTER ROLE " + plan.handle().facts().get("role") + " NOLOGIN");
    learned.set(learned.get().handedOut());
    assertInstanceOf(Outcome.Done.class, revoke(plan));
    assertFalse(PostgresTarget.isAlive(session));
    Verdict verdict = verify(plan);
    assertTrue(verdict.detail().contains("on the standby replica1: looked for"), verdict.detail());
  }

  @Test
  void anAccountThatCameBackIsNotProvenByWhatTheStandbyReplayedOfItsFirstEnd() throws SQLException {
    Plan plan = plan(primary.target(Map.of("replica1", standby.port())));
    enterStandby(plan);
    String role = plan.handle().facts().get("role");
    String mark =
        primary
            .ask("postgres", "SELECT shobj_description('" + role + "'::regrole::oid, 'pg_authid')")
            .get(0);
    assertInstanceOf(Outcome.Done.class, revoke(plan));

    primary.admin(
        "postgres",
        "CREATE ROLE " + role + " LOGIN",
        "COMMENT ON ROLE " + role + " IS '" + mark + "'");
    forgetsItsEarlierEnd(plan);
    diesAtTheReportOfBlock(plan);
    onStandby("SELECT pg_wal_replay_pause()");
    try {
      primary.admin("postgres", "SELECT pg_switch_wal()");
      Outcome.Again again = assertInstanceOf(Outcome.Again.class, revoke(plan));
      assertTrue(again.why().contains("has not replayed"), again.why());
    } finally {
      onStandby("SELECT pg_wal_replay_resume()");
    }
    assertInstanceOf(Outcome.Done.class, revoke(plan));
    assertEquals(Presence.ABSENT, verify(plan).presence());
  }

  @Test
  void theApproverReadsOfAStandbyOutOfReach() {
    Target target = primary.target(Map.of("replica1", OUT_OF_REACH));
    assertEquals(List.of(), fatal(target));
    Plan plan = plan(target);
    assertTrue(
        plan.effects().toString().contains("replica1, which Curfew does not reach, are not ended"));
    Connection session = enterStandby(plan);
    assertInstanceOf(Outcome.Done.class, revoke(plan));
    Verdict verdict = verify(plan);
    assertEquals(Presence.ABSENT, verdict.presence(), verdict.detail());
    assertTrue(verdict.detail().contains("is declared unreachable"), verdict.detail());
    assertTrue(PostgresTarget.isAlive(session), "as declared");
  }

  @Test
  void aStandbyThatDoesNotAnswerKeepsTheRevocationOpen() throws SQLException {
    Target target = primary.target(Map.of("replica1", standby.port(), "replica2", 1));
    assertTrue(fatal(target).toString().contains("replica2"), fatal(target).toString());
    Plan plan = plan(target);
    Connection there = enterStandby(plan);
    Outcome.Again again = assertInstanceOf(Outcome.Again.class, revoke(plan));
    assertTrue(again.why().startsWith("the standby replica2 of orders-db did not answer"));
    assertEquals(List.of(Step.BLOCK), steps);
    assertFalse(PostgresTarget.isAlive(there), "nobody else waits for it");
    assertFalse(verify(plan).presence() == Presence.ABSENT);
  }

  @Test
  void anotherServersStandbyProvesNothing() {
    Plan plan = plan(primary.target(Map.of("replica1", primary.server.port())));
    enterStandby(plan);
    Outcome.Again again = assertInstanceOf(Outcome.Again.class, revoke(plan));
    assertTrue(again.why().contains("no standby any more"), again.why());
  }

  /** The last, since nothing makes it a standby again. */
  @Test
  @Order(Integer.MAX_VALUE)
  void aPromotedStandbyIsAServerOfItsOwnAndTheTargetWhereItTakesItsPlace() throws SQLException {
    Plan plan = plan(primary.target(Map.of("replica1", standby.port())));
    Connection session = enterStandby(plan);
    onStandby("SELECT pg_promote()");
    Outcome.Again again = assertInstanceOf(Outcome.Again.class, revoke(plan));
    assertTrue(again.why().contains("a server of its own"), again.why());
    assertTrue(PostgresTarget.isAlive(session), "nobody ordered anything of that server");
    assertFalse(verify(plan).presence() == Presence.ABSENT);

    // after a failover the target's address leads to it: the same server, as it replayed it
    Target failedOver = primary.target(standby.port());
    Plan there = moved(plan, failedOver);
    assertEquals(Presence.PRESENT, verify(there).presence());
    forgetsItsEarlierEnd(there);
    assertInstanceOf(Outcome.Done.class, revoke(there));
    assertFalse(PostgresTarget.isAlive(session));
    assertEquals(Presence.ABSENT, verify(there).presence(), verify(there).detail());
  }

  // -- words of the tests above

  private Plan plan(Target target) {
    return connector.plan(ask(Ids.next(), target));
  }

  private static Ask ask(String grant, Target target) {
    return new Ask(
        grant,
        PostgresTarget.BROKER_ID,
        PostgresTarget.INSTALLATION,
        target,
        PostgresTarget.entitlement("orders_ro", "orders", "member"),
        PostgresTarget.SNAPSHOT);
  }

  private Plan moved(Plan plan, Target target) {
    return new Plan(connector.today(plan.handle(), target), plan.effects());
  }

  /** Provisioned, picked up, and used on the standby. */
  private Connection enterStandby(Plan plan) {
    Outcome made = connector.provision(plan, end, limits());
    learned.set(assertInstanceOf(Outcome.Done.class, made).receipt());
    Secret secret = connector.issue(plan.handle(), end, limits());
    return Awaitility.await()
        .ignoreExceptions()
        .until(
            () ->
                DriverManager.getConnection(
                    standby.url("orders"),
                    PostgresTarget.line(secret, "user"),
                    PostgresTarget.line(secret, "password")),
            PostgresTarget::isAlive);
  }

  private Outcome revoke(Plan plan) {
    steps.clear();
    return connector.revoke(
        plan.handle(),
        learned.get(),
        (step, receipt, facts) -> {
          steps.add(step);
          learned.set(receipt);
          return true;
        },
        limits());
  }

  /** What no longer holds is off the record before the account is closed again. */
  private void forgetsItsEarlierEnd(Plan plan) {
    learned.set(assertInstanceOf(Outcome.Later.class, revoke(plan)).receipt());
    assertEquals(List.of(), steps);
  }

  private void diesAtTheReportOfBlock(Plan plan) {
    connector.revoke(plan.handle(), learned.get(), (step, receipt, facts) -> false, limits());
  }

  private Verdict verify(Plan plan) {
    return connector.verify(plan.handle(), learned.get(), limits());
  }

  private List<String> fatal(Target target) {
    return connector.check(target, limits()).findings().stream()
        .filter(finding -> finding.severity() == Finding.Severity.FATAL)
        .map(Finding::text)
        .toList();
  }

  private static void onStandby(String statement) throws SQLException {
    try (Connection connection = standby.connect("postgres")) {
      PostgresTarget.run(connection, statement);
    }
  }

  private static Limits limits() {
    return Limits.within(Duration.ofSeconds(30));
  }
}

package dev.curfew.connector.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.Ids;
import dev.curfew.connector.Ask;
import dev.curfew.connector.ConnectorException;
import dev.curfew.connector.Finding;
import dev.curfew.connector.Limits;
import dev.curfew.connector.Outcome;
import dev.curfew.connector.Plan;
import dev.curfew.connector.Presence;
import dev.curfew.connector.Receipt;
import dev.curfew.connector.Step;
import dev.curfew.connector.Target;
import dev.curfew.connector.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Another real server behind the address of the one that is meant. */
class OtherServerTest {

  private static PostgresTarget other;

  private final Instant end = Instant.now().plus(Duration.ofMinutes(30));
  private final SqlConnector connector = other.quickConnector();

  @BeforeAll
  static void start() {
    other = PostgresTarget.another(17);
  }

  @AfterAll
  static void stop() {
    other.server.close();
  }

  @Test
  void itProvesNothingAndIsAskedForNothing() {
    Target meant = other.target().on("7000000000000000001");
    Plan plan = plan(meant);

    Outcome.Again no =
        assertInstanceOf(Outcome.Again.class, connector.provision(plan, end, limits()));
    assertFalse(no.reached(), "nothing happened there");
    assertTrue(no.detail().contains("another server"), no.detail());
    assertEquals(
        List.of(),
        other.ask("postgres", "select rolname from pg_roles where rolname like 'jit\\_%'"));

    // the answer to a provision was lost, so only the plan says where it was made
    Verdict verdict = connector.verify(plan.handle(), Receipt.NONE, limits());
    assertEquals(Presence.UNKNOWN, verdict.presence());
    assertTrue(verdict.live());
    assertFalse(verdict.why().contains("7000000000000000001"), verdict.why());
    assertTrue(verdict.detail().contains("7000000000000000001"), verdict.detail());
    List<Step> steps = new ArrayList<>();
    assertInstanceOf(
        Outcome.Again.class,
        connector.revoke(
            plan.handle(), Receipt.NONE, (step, so, facts) -> steps.add(step), limits()));
    assertEquals(List.of(), steps);
    assertThrows(ConnectorException.class, () -> connector.issue(plan.handle(), end, limits()));
    assertThrows(ConnectorException.class, () -> connector.sweep(meant, "b1", limits()));
    assertThrows(
        ConnectorException.class,
        () ->
            connector.describe(
                meant, PostgresTarget.entitlement("orders_ro", "orders", "member"), limits()));
    assertEquals(other.target().server(), connector.check(meant, limits()).server());
  }

  @Test
  void whatIsNotPinnedYetProvesNothing() {
    Target fresh = other.target();
    Map<String, String> settings = new java.util.TreeMap<>(fresh.settings());
    settings.remove("server");
    Target unpinned =
        new Target(fresh.id(), fresh.kind(), fresh.admin(), fresh.connect(), settings);
    Verdict verdict = connector.verify(plan(unpinned).handle(), Receipt.NONE, limits());
    assertEquals(Presence.UNKNOWN, verdict.presence());
  }

  @Test
  void aServerInRecoveryProvesNothing() throws IOException {
    Plan plan = plan(other.target());
    assertEquals(
        Presence.ABSENT, connector.verify(plan.handle(), Receipt.NONE, limits()).presence());
    var signal = other.server.folder().resolve("pgdata").resolve("standby.signal");
    other.server.stop();
    Files.createFile(signal);
    other.server.start();
    try {
      Verdict verdict = connector.verify(plan.handle(), Receipt.NONE, limits());
      assertEquals(Presence.UNKNOWN, verdict.presence());
      assertTrue(verdict.why().contains("standby or in recovery"), verdict.why());
      assertInstanceOf(Outcome.Again.class, connector.provision(plan, end, limits()));
      List<Step> steps = new ArrayList<>();
      assertInstanceOf(
          Outcome.Again.class,
          connector.revoke(
              plan.handle(), Receipt.NONE, (step, so, facts) -> steps.add(step), limits()));
      assertEquals(List.of(), steps);
      assertThrows(
          ConnectorException.class,
          () -> connector.sweep(other.target(), "b1", limits()),
          "it may show what is long gone");
      assertTrue(
          connector.check(other.target(), limits()).findings().stream()
              .anyMatch(finding -> finding.severity() == Finding.Severity.FATAL));
    } finally {
      other.server.stop();
      Files.delete(signal);
      other.server.start();
    }
  }

  private Plan plan(Target target) {
    return connector.plan(
        new Ask(
            Ids.next(),
            PostgresTarget.BROKER_ID,
            PostgresTarget.INSTALLATION,
            target,
            PostgresTarget.entitlement("orders_ro", "orders", "member"),
            PostgresTarget.SNAPSHOT));
  }

  private static Limits limits() {
    return Limits.within(Duration.ofSeconds(30));
  }
}

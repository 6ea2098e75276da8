package dev.curfew.connector.sql;

import static dev.curfew.connector.sql.PostgresTarget.enter;
import static dev.curfew.connector.sql.PostgresTarget.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.Ids;
import dev.curfew.connector.Limits;
import dev.curfew.connector.Outcome;
import dev.curfew.connector.Plan;
import dev.curfew.connector.Presence;
import dev.curfew.connector.Receipt;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Somebody makes more things than a transaction has locks for, so that what takes their account
 * away runs out of them. The servers have room for some 2,000 locks.
 */
class LeftBehindIT {

  private static final boolean FULL = "full".equals(System.getProperty("curfew.faults"));
  private static final int MANY = Integer.getInteger("curfew.faults.left", FULL ? 10_000 : 5_000);

  /** As a worker has it for a call. */
  private static final Duration CALL = Duration.ofSeconds(30);

  private static final int INDEXES = 100;

  /** In tables with so many indexes that a few are too many for one transaction. */
  private static final String WIDE = "TABLE wide% (id int)";

  static Stream<Arguments> everything() {
    Stream<String> sampled = Stream.of("TABLE table% (id text)", WIDE, "SEQUENCE sequence%");
    Stream<String> more =
        Stream.of(
            "VIEW view% AS SELECT 1 AS one",
            "TYPE type% AS (id int)",
            "FUNCTION function%() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            "LARGE OBJECT");
    return Stream.concat(sampled, FULL ? more : Stream.of())
        .flatMap(what -> Stream.of(15, 17).map(version -> Arguments.of(version, what)));
  }

  @ParameterizedTest(name = "on {0}, {1}")
  @MethodSource("everything")
  void whatIsLeftBehindInThousandsKeepsNoAccount(int version, String what) throws SQLException {
    PostgresTarget postgres = PostgresTarget.of(version);
    SqlConnector connector = postgres.quickConnector();
    Instant end = Instant.now().plus(Duration.ofMinutes(30));
    Plan plan = connector.plan(postgres.readOnly(Ids.next()));
    Outcome made = connector.provision(plan, end, Limits.within(CALL));
    Receipt receipt = assertInstanceOf(Outcome.Done.class, made, made.toString()).receipt();
    try (Connection session = enter(connector.issue(plan.handle(), end, Limits.within(CALL)))) {
      run(session, "SET search_path = scratch", inParts(what));
    }

    List<String> facts = new ArrayList<>();
    Instant begun = Instant.now();
    int calls = 1;
    Outcome outcome = revoke(connector, plan, receipt, facts);
    while (!(outcome instanceof Outcome.Done) && calls < 10) {
      calls++;
      outcome = revoke(connector, plan, receipt, facts);
    }
    Duration took = Duration.between(begun, Instant.now());
    System.out.printf("%d on %d, %s: %s, calls: %d%n", MANY, version, what, took, calls);

    assertInstanceOf(Outcome.Done.class, outcome, outcome.toString());
    assertEquals(
        Presence.ABSENT, connector.verify(plan.handle(), receipt, Limits.within(CALL)).presence());
    assertFalse(postgres.exists(plan.handle().facts().get("role")));
    assertTrue(facts.toString().contains("now of curfew_estate"), facts.toString());
    assertTrue(
        what.equals(WIDE) || facts.contains(more()), "it says how many are not named: " + facts);
  }

  private static Outcome revoke(
      SqlConnector connector, Plan plan, Receipt receipt, List<String> facts) {
    return connector.revoke(
        plan.handle(), receipt, (step, so, done) -> facts.addAll(done), Limits.within(CALL));
  }

  private static String more() {
    return "left behind, now of curfew_estate: %d more in database orders".formatted(MANY - 99);
  }

  private static String inParts(String what) {
    String make =
        what.equals("LARGE OBJECT")
            ? "PERFORM lo_create(0);"
            : "EXECUTE replace($x$CREATE " + what + "$x$, '%', i::text);";
    if (!what.equals(WIDE)) {
      return inParts(MANY, 100, make);
    }
    String indexed =
        make
            + " FOR j IN 1.."
            + INDEXES
            + " LOOP EXECUTE format('CREATE INDEX ON wide%s (id)', i); END LOOP;";
    return inParts(MANY / INDEXES, 1, indexed);
  }

  private static String inParts(int most, int part, String make) {
    return "DO $$ BEGIN FOR i IN 1.."
        + most
        + " LOOP "
        + make
        + " IF i % "
        + part
        + " = 0 THEN COMMIT; END IF; END LOOP; END $$";
  }
}

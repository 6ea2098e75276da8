package dev.curfew.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.boot.Postgres;
import dev.curfew.boot.SqlScript;
import dev.curfew.testing.Servers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Every broker is dead when grants end, and the dead-man is on the server: its own function, called
 * by the shipped service's command at the shipped timer's pace.
 */
@Tag("faults")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeadManIT {

  private static final boolean FULL = "full".equals(System.getProperty("curfew.faults"));
  private static final Duration PROMISED = Duration.ofSeconds(15);
  private static final Duration RESTARTED = Duration.ofSeconds(60);

  private final int ends = Integer.getInteger("curfew.faults.deadman", FULL ? 200 : 20);
  private final Duration dead = FULL ? Duration.ofMinutes(10) : Duration.ofSeconds(20);
  private final Fleet fleet = new Fleet("deadman", 2, Map.of());
  private Trial trial;
  private AutoCloseable deadMan;

  @BeforeAll
  void start() throws SQLException, IOException {
    fleet.start(2);
    fleet.onServer("alter system set track_functions = 'pl'", "select pg_reload_conf()");
    try (Connection server = fleet.server.connect("curfew_maintenance")) {
      SqlScript.run(
          server,
          Files.readString(Path.of("connectors", "postgresql", "reaper.sql")),
          Map.of("broker", "curfew_broker"));
    }
    deadMan = deadMan();
    // proven is what was over while they were dead, soon after they are back: asserted below
    trial = new Trial(fleet, Bounds.ofTheDesign().withProof(dead.plus(RESTARTED.multipliedBy(3))));
  }

  @AfterAll
  void stop() throws Exception {
    if (deadMan != null) {
      deadMan.close();
    }
    fleet.close();
  }

  @Test
  void noSessionOutlivesItsEndWhileEveryBrokerIsDead() throws SQLException {
    List<String> targets = List.copyOf(fleet.targets.keySet());
    Instant first = Trial.now().plusSeconds(FULL ? 60 : 15);
    Map<String, Instant> ending = new HashMap<>();
    List<Fleet.Made> over = new ArrayList<>();
    for (int i = 0; i < 10; i++) { // not all in the same second
      over.addAll(fleet.grants(targets, ends / 20, ends / 20, first.plusSeconds(i)));
    }
    over.forEach(grant -> ending.put(grant.role(), grant.due()));
    List<Fleet.Made> later = fleet.grants(targets, 2, 2, first.plus(dead).plusSeconds(3_600));
    List<Connection> inside = trial.enterAll(over);
    List<Connection> insideLater = trial.enterAll(later);
    assertEquals(over.size(), inside.size(), "who is inside");
    busy(inside);
    String unnumbered = "select count(*) from audit_outbox";
    Fleet.await("all is numbered", Duration.ofSeconds(10), () -> fleet.number(unnumbered) == 0);

    fleet.nodes.forEach(Node::kill);
    assertTrue(Trial.now().isBefore(first), "they were dead before the first end");
    long before = runs();
    Instant last = first.plusSeconds(9);
    Map<String, Instant> seen = lastSeen(last.plus(PROMISED));
    Duration longest =
        ending.entrySet().stream()
            .map(e -> Duration.between(e.getValue(), seen.getOrDefault(e.getKey(), e.getValue())))
            .max(Duration::compareTo)
            .orElseThrow();
    System.out.printf(
        "faults: both nodes dead, dead-man on: %d sessions, the longest alive %s after its end%n",
        inside.size(), longest);
    assertTrue(
        longest.compareTo(PROMISED) <= 0, "a session was alive " + longest + " past its end");
    assertEquals(0, Fleet.alive(inside), "sessions that are alive");
    assertEquals(insideLater.size(), Fleet.alive(insideLater), "sessions of what is not over");
    assertThrows(SQLException.class, () -> fleet.enter(over.get(0)), "nobody gets in again");
    System.out.println("faults: the dead-man ran " + (runs() - before) + " times meanwhile");
    assertTrue(runs() > before + 2, "the dead-man ran");
    Duration rest = Duration.between(Trial.now(), last.plus(dead));
    if (!rest.isNegative()) {
      Fleet.rest(rest);
    }
    assertTrue(fleet.nodes.stream().noneMatch(Node::isAlive));
    assertEquals(0, fleet.over(over), "nobody was there to prove it");

    Instant started = Trial.now();
    fleet.nodes.get(0).launch();
    Fleet.await("it finds all of it over", RESTARTED, () -> fleet.over(over) == over.size());
    System.out.printf(
        "faults: %d proven over %s after the start of one node%n",
        over.size(), Duration.between(started, Trial.now()));
    fleet.nodes.get(0).awaitReady();
    assertEquals(insideLater.size(), Fleet.alive(insideLater), "sessions of what is not over");
    trial.judge();
  }

  /** A third idles, a third sits in a transaction, a third runs a query that takes an hour. */
  private static void busy(List<Connection> inside) throws SQLException {
    for (int i = 0; i < inside.size(); i++) {
      Connection session = inside.get(i);
      if (i % 3 == 1) {
        session.setAutoCommit(false);
        try (Statement begun = session.createStatement()) {
          begun.execute("select 1");
        }
      } else if (i % 3 == 2) {
        Thread query =
            new Thread(
                () -> {
                  try (Statement hour = session.createStatement()) {
                    hour.execute("select pg_sleep(3600)");
                  } catch (SQLException e) {
                    // it was ended
                  }
                });
        query.setDaemon(true);
        query.start();
      }
    }
  }

  /** When each role was last seen with a session, by the server's own clock. */
  private Map<String, Instant> lastSeen(Instant until) throws SQLException {
    Map<String, Instant> seen = new TreeMap<>();
    try (Connection server = fleet.server.connect("postgres");
        Statement ask = server.createStatement()) {
      do {
        try (ResultSet row =
            ask.executeQuery(
                "select usename, clock_timestamp() from pg_stat_activity where usename like 'jit%'")) {
          while (row.next()) {
            seen.put(row.getString(1), row.getTimestamp(2).toInstant());
          }
        }
        Fleet.rest(Duration.ofMillis(200));
      } while (Trial.now().isBefore(until));
    }
    return seen;
  }

  /** As the server counts them. */
  private long runs() {
    return Long.parseLong(
        Fleet.text(
            fleet.server,
            "curfew_maintenance",
            "select coalesce(max(calls), 0) from pg_stat_user_functions where funcname = 'reap'"));
  }

  private AutoCloseable deadMan() {
    Map<String, String> environment =
        Map.of(
            "PGHOST",
            "127.0.0.1",
            "PGPORT",
            Integer.toString(fleet.server.port()),
            "PGUSER",
            Postgres.SUPERUSER,
            "PGPASSWORD",
            fleet.server.superuserPassword());
    if (Boolean.getBoolean("curfew.faults.systemd")) {
      return new Systemd(environment, fleet.folder.resolve("systemd")).start();
    }
    Timer timer = new Timer(environment, fleet.folder.resolve("dead-man.log"));
    if (!Files.isExecutable(timer.program())) {
      Servers.requirePg15(); // brings psql along
    }
    return timer.start();
  }
}

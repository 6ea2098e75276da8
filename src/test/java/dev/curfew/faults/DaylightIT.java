package dev.curfew.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Both turns of daylight-saving time, lived through: a test of its own process, the store, the
 * server and both nodes start a few minutes before the turn (by libfaketime, all by the same
 * offset), each in another zone that turns at that moment.
 */
@Tag("faults")
class DaylightIT {

  private static final Duration BEFORE = Duration.ofMinutes(5);
  private static final Duration PROMISED = Duration.ofSeconds(15);

  @ParameterizedTest
  @ValueSource(strings = {"2026-10-25T01:00:00Z", "2027-03-28T01:00:00Z"})
  void whatEndsAroundTheTurnEndsInTimeAndNothingOpensAgain(String turn)
      throws IOException, InterruptedException {
    Faketime.require();
    assumeTrue("full".equals(System.getProperty("curfew.faults")), "the whole size");
    Instant at = Instant.parse(turn);
    Duration ahead = Duration.between(Trial.now(), at.minus(BEFORE));
    ProcessBuilder child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                "-Dcurfew.jar=" + System.getProperty("curfew.jar"),
                DaylightIT.class.getName(),
                turn)
            .inheritIO();
    child.environment().putAll(Faketime.fixed(ahead));
    child.environment().put("TZ", "Europe/Paris");
    Process process = child.start();
    assertTrue(process.waitFor(20, TimeUnit.MINUTES), "it ended");
    assertEquals(0, process.exitValue(), "what was said above");
  }

  /** Starts shortly before the turn. */
  public static void main(String[] arguments) throws SQLException {
    try {
      live(Instant.parse(arguments[0]));
      System.exit(0);
    } catch (AssertionError | RuntimeException e) {
      e.printStackTrace();
      System.exit(1);
    }
  }

  private static void live(Instant turn) throws SQLException {
    Duration left = Duration.between(Trial.now(), turn);
    Duration most = BEFORE.plusSeconds(1); // a clock is turned by whole seconds
    assertTrue(left.compareTo(most) <= 0 && !left.isNegative(), "the turn is in " + left);
    for (String zone : List.of("Paris", "Berlin", "London", "Helsinki")) {
      assertEquals(
          turn, ZoneId.of("Europe/" + zone).getRules().nextTransition(Trial.now()).getInstant());
    }
    Fleet fleet = new Fleet("daylight-" + turn.getEpochSecond(), 2, Map.of());
    try {
      fleet.inZone(fleet.store, "Europe/Berlin");
      fleet.inZone(fleet.server, "Europe/London");
      fleet.start(List.of(Map.of("TZ", "Atlantic/Azores"), Map.of("TZ", "Europe/Helsinki")));
      live(fleet, turn);
    } finally {
      fleet.close();
    }
  }

  private static void live(Fleet fleet, Instant turn) throws SQLException {
    Trial trial = new Trial(fleet, Bounds.ofTheDesign());
    List<String> targets = List.copyOf(fleet.targets.keySet());
    Node node = fleet.nodes.get(0);
    Fleet.Person erin = fleet.person("engineering");
    Fleet.Person ann = fleet.person("dba-oncall");
    assertTrue(Trial.now().isBefore(turn.minusSeconds(40)), "there is time before the turn");

    String across = trial.agreed(node, erin, ann, "t1");
    trial.awaitState("ACTIVE", List.of(across), Duration.ofSeconds(40));
    Instant picked = Trial.now();
    Fleet.Answer handed = Fleet.must(fleet.pickUp(node, erin, across));
    List<Fleet.Made> before = fleet.grants(targets, 4, 2, turn.minusSeconds(15));
    List<Fleet.Made> at = fleet.grants(targets, 4, 2, turn);
    List<Fleet.Made> after = fleet.grants(targets, 4, 2, turn.plusSeconds(20));
    List<Fleet.Made> anHour = fleet.grants(targets, 2, 2, turn.plusSeconds(3_620));
    List<Connection> insideBefore = trial.enterAll(before);
    List<Connection> insideAt = trial.enterAll(at);
    List<Connection> insideAfter = trial.enterAll(after);
    List<Connection> insideAnHour = trial.enterAll(anHour);
    insideAnHour.add(fleet.enter(handed));

    ends(trial, before, insideBefore, "15 s before the turn");
    assertEquals(insideAt.size(), Fleet.alive(insideAt), "what ends at the turn");
    ends(trial, at, insideAt, "at the turn");
    assertEquals(insideAfter.size(), Fleet.alive(insideAfter), "what ends after the turn");
    ends(trial, after, insideAfter, "20 s after the turn");
    assertEquals(insideAnHour.size(), Fleet.alive(insideAnHour), "what ends an hour later");

    Fleet.Answer shown = fleet.get(fleet.nodes.get(1), erin, "/grants/" + across);
    Instant due = Instant.parse(shown.text("dueAt"));
    assertEquals(3_600, Duration.between(picked, due).toSeconds(), 20, "an hour is an hour");
    assertTrue(due.isAfter(turn) && shown.text("dueAt").endsWith("Z"), shown.toString());
    assertEquals(due, Instant.parse(handed.text("until")), handed.toString());
    assertEquals(
        Long.toString(due.plusSeconds(5).getEpochSecond()),
        Fleet.text(
            fleet.server,
            "postgres",
            "select floor(extract(epoch from rolvaliduntil))::bigint from pg_roles"
                + " where rolname = 'jit_"
                + Fleet.BROKER
                + "_"
                + across
                + "'"),
        "the server knows the same end");
    Fleet.must(fleet.giveBack(node, erin, across));
    trial.awaitState("ENDED", List.of(across), Duration.ofSeconds(30));
    String made = trial.agreed(node, fleet.person("engineering"), ann, "t2");
    trial.awaitState("ACTIVE", List.of(made), Duration.ofSeconds(40));
    for (List<Fleet.Made> over : List.of(before, at, after)) {
      assertEquals(over.size(), trial.fleet.over(over), "nothing opened again");
    }
    Fleet.rest(Duration.ofSeconds(65)); // each minute all is held against the targets
    assertEquals(insideAnHour.size() - 1, Fleet.alive(insideAnHour), "only what was given back");
    trial.judge();
  }

  private static void ends(
      Trial trial, List<Fleet.Made> grants, List<Connection> inside, String what) {
    Instant due = grants.get(0).due();
    Fleet.await("due", BEFORE, () -> Trial.now().isAfter(due));
    Fleet.await("over", PROMISED, () -> trial.fleet.over(grants) == grants.size());
    System.out.printf(
        "faults: %s (%s UTC): %d grants proven over %s after their end%n",
        what, due, grants.size(), Duration.between(due, Trial.now()));
    assertEquals(0, Fleet.alive(inside), "sessions");
  }
}

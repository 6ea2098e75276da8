package dev.curfew.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.curfew.Ids;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clocks that are wrong, and turned under running nodes: the store's, as its broker reads it, and
 * the wall clock of one of two nodes. All of it with {@code -Pfaults}; a sample without.
 */
@Tag("faults")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClockIT {

  private static final boolean FULL = "full".equals(System.getProperty("curfew.faults"));
  private static final Duration GRACE = Duration.ofSeconds(5);
  private static final Duration PROMISED = Duration.ofSeconds(15);
  private static final Duration LEASE = Duration.ofSeconds(15);
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Duration RECONCILED = Duration.ofSeconds(10);

  private final Fleet fleet =
      new Fleet(
          "clocks",
          2,
          Map.of(
              "curfew.grant.orphan-grace", GRACE.toSeconds() + "s",
              "curfew.grant.reconcile-every", RECONCILED.toSeconds() + "s",
              "curfew.mfa.admin-accept-code", "true"));
  private final List<String> targets = List.copyOf(fleet.targets.keySet());
  private final Faketime wall = new Faketime(fleet.folder.resolve("wall"));
  private Trial trial;
  private Node right;
  private Node wrong;
  private Fleet.Person ann;
  private Fleet.Person ada;

  @BeforeAll
  void start() {
    fleet.start(List.of(Map.of(), wall.environment()));
    right = fleet.nodes.get(0);
    wrong = fleet.nodes.get(1);
    ann = fleet.person("dba-oncall");
    ada = fleet.person("administrators");
    trial = new Trial(fleet, Bounds.ofTheDesign().withGrace(GRACE));
  }

  @AfterEach
  void setRight() {
    wall.turn(Duration.ZERO);
    fleet.turnClock(Duration.ZERO);
    if (!right.isAlive()) {
      right.launch();
    }
    right.awaitReady();
    wrong.awaitReady();
  }

  @AfterAll
  void stop() {
    fleet.close();
  }

  @ParameterizedTest
  @ValueSource(longs = {10, 60})
  void aStoreWhoseClockIsSetBackGivesNothingAndEndsEverythingInTime(long minutes)
      throws SQLException {
    assumeTrue(FULL || minutes == 10, "the sample");
    Duration back = Duration.ofMinutes(minutes);
    Fleet.Person erin = fleet.person("engineering");
    String held = given(erin);
    Instant due = Trial.now().plusSeconds(12);
    List<Fleet.Made> soon = fleet.grants(targets, 4, 2, due);
    List<Fleet.Made> later = fleet.grants(targets, 2, 2, due.plusSeconds(2_400));
    List<Connection> insideSoon = trial.enterAll(soon);
    List<Connection> insideLater = trial.enterAll(later);

    fleet.turnClock(back.negated());
    awaitApart("storeBehindSeconds", List.of(right, wrong), back);

    String words = "s behind the time it had: mend it, or let an administrator accept it";
    refuses(right, erin, held, words);
    refuses(wrong, erin, held, words);
    String waits = trial.agreed(right, fleet.person("engineering"), ann, "t2");
    awaitEnds(soon, due, "the store's clock back by " + back);
    assertEquals(0, Fleet.alive(insideSoon), "sessions of what is over");
    assertEquals(insideLater.size(), Fleet.alive(insideLater), "sessions of what is not");
    assertEquals("PLANNED", fleet.state(waits), "nothing is given while clocks differ");
    says(waits, "no access is given while clocks differ: the store's clock is");
    Fleet.must(fleet.giveBack(right, erin, held));
    trial.awaitState("ENDED", List.of(held), SOON);

    fleet.turnClock(Duration.ZERO);
    trial.awaitState("ACTIVE", List.of(waits), Duration.ofSeconds(40));
    nothingOpensAgain(soon, insideLater);
    end(later);
    trial.judge();
  }

  @ParameterizedTest
  @ValueSource(longs = {10, 60})
  void aStoreWhoseClockWasAheadGoesOnWhenAnAdministratorAcceptsItsRightTime(long minutes)
      throws SQLException {
    assumeTrue(FULL, "the sample has it within one process, in ClockTest");
    Duration ahead = Duration.ofMinutes(minutes);
    Fleet.Person erin = fleet.person("engineering");
    String held = given(erin);
    Instant now = Trial.now();
    List<Fleet.Made> jumped = fleet.grants(targets, 2, 2, now.plus(ahead).minusSeconds(120));
    List<Fleet.Made> later = fleet.grants(targets, 2, 2, now.plus(ahead).plusSeconds(3_600));
    List<Connection> insideJumped = trial.enterAll(jumped);
    List<Connection> insideLater = trial.enterAll(later);

    fleet.turnClock(ahead);
    awaitApart("machineApartSeconds", List.of(right, wrong), ahead);
    refuses(right, erin, held, "this machine's clock and the store's are");
    awaitEnds(jumped, Trial.now(), "the store's clock ahead by " + ahead);
    assertEquals(0, Fleet.alive(insideJumped), "what is over by the later time has ended");

    fleet.turnClock(Duration.ZERO);
    awaitApart("storeBehindSeconds", List.of(right, wrong), ahead);
    refuses(right, erin, held, "s behind the time it had: mend it, or let an administrator");
    Instant due = Trial.now().plusSeconds(10);
    List<Fleet.Made> soon = fleet.grants(targets, 2, 2, due.plus(ahead)); // by the time that counts
    List<Connection> insideSoon = trial.enterAll(soon);
    awaitEnds(soon, due, "the store's clock set right again");
    assertEquals(0, Fleet.alive(insideSoon));
    String waits = trial.agreed(right, fleet.person("engineering"), ann, "t2");
    assertFalse(
        fleet.post(right, erin, "/clock/accept", Map.of(), true).isGood(),
        "only an administrator says that it is right");

    Fleet.must(fleet.post(right, ada, "/clock/accept", Map.of(), true));
    awaitAgreed(List.of(right, wrong));
    trial.awaitState("ACTIVE", List.of(waits), Duration.ofSeconds(40));
    Fleet.must(fleet.pickUp(wrong, erin, held));
    for (Fleet.Made grant : later) {
      assertEquals(
          ahead.toSeconds(),
          Duration.between(Instant.parse(due(grant)), grant.due()).toSeconds(),
          5,
          "what was left of it is left");
    }
    nothingOpensAgain(jumped, insideLater);
    nothingOpensAgain(soon, insideLater);
    end(later);
    Fleet.must(fleet.giveBack(right, erin, held));
    trial.awaitState("ENDED", List.of(held), SOON);
    trial.judge();
  }

  @ParameterizedTest
  @ValueSource(longs = {60, -60})
  void aNodeWhoseClockIsWrongGivesNothingAndEndsNothingEarlyOrLate(long minutes)
      throws SQLException {
    Faketime.require();
    assumeTrue(FULL || minutes > 0, "the sample");
    Duration ahead = Duration.ofMinutes(minutes);
    Fleet.Person erin = fleet.person("engineering");
    String held = given(erin);
    Instant due = Trial.now().plusSeconds(15);
    List<Fleet.Made> soon = fleet.grants(targets, 4, 2, due);
    List<Fleet.Made> later = fleet.grants(targets, 2, 2, due.plusSeconds(1_800));
    List<Connection> insideSoon = trial.enterAll(soon);
    List<Connection> insideLater = trial.enterAll(later);

    wall.turn(ahead);
    awaitApart("machineApartSeconds", List.of(wrong), ahead.abs());
    refuses(wrong, erin, held, "this machine's clock and the store's are ");
    assertFalse(wrong.isReady(), "it says that it is not well");
    List<String> wanted = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      wanted.add(trial.agreed(wrong, fleet.person("engineering"), ann, targets.get(i % 2)));
    }
    Duration took = trial.awaitState("ACTIVE", wanted, SOON);
    System.out.println("faults: a node's clock off by " + ahead + ": the other gave in " + took);
    Fleet.must(fleet.pickUp(right, erin, held));
    awaitEnds(soon, due, "a node's clock off by " + ahead);
    assertEquals(0, Fleet.alive(insideSoon), "sessions of what is over");
    assertEquals(insideLater.size(), Fleet.alive(insideLater), "sessions of what is not");
    orphanIsTakenAway("while a node's clock is wrong");

    wall.turn(Duration.ZERO);
    awaitAgreed(List.of(wrong));
    orphanIsTakenAway("after a node's clock was wrong");
    assertTrue(wrong.isReady());
    nothingOpensAgain(soon, insideLater);
    end(later);
    trial.judge();
  }

  @ParameterizedTest
  @ValueSource(longs = {60, -60})
  void aNodeWithAWrongClockThatIsAloneStillEndsEverythingInTime(long minutes) throws SQLException {
    Faketime.require();
    assumeTrue(FULL, "the whole size");
    wall.turn(Duration.ofMinutes(minutes));
    awaitApart("machineApartSeconds", List.of(wrong), Duration.ofMinutes(minutes).abs());
    Instant killed = Trial.now();
    right.kill();
    trial.observer.fault(killed, killed, SOON);
    wrong.kill();
    wrong.launch();
    Fleet.await("it answers", Duration.ofSeconds(90), () -> clock(wrong).isGood());
    trial.observer.fault(killed, Trial.now(), Duration.ofSeconds(60));
    Instant due = Trial.now().plusSeconds(10);
    List<Fleet.Made> soon = fleet.grants(targets, 4, 2, due);
    List<Fleet.Made> later = fleet.grants(targets, 2, 2, due.plusSeconds(1_800));
    List<Connection> insideSoon = trial.enterAll(soon);
    List<Connection> insideLater = trial.enterAll(later);
    awaitEnds(soon, due, "alone, its clock off by " + minutes + " min since its start");
    assertEquals(0, Fleet.alive(insideSoon), "sessions of what is over");
    String waits = trial.agreed(wrong, fleet.person("engineering"), ann, "t1");
    says(waits, "this machine's clock and the store's are");
    assertEquals("PLANNED", fleet.state(waits));
    orphanIsTakenAway("by a node alone, its clock wrong");

    right.launch().awaitReady();
    trial.awaitState("ACTIVE", List.of(waits), Duration.ofSeconds(90));
    nothingOpensAgain(soon, insideLater);
    end(later);
    trial.judge();
  }

  // what they share

  private String given(Fleet.Person erin) {
    String grant = trial.agreed(right, erin, ann, "t1");
    trial.awaitState("ACTIVE", List.of(grant), Duration.ofSeconds(40));
    return grant;
  }

  private Fleet.Answer clock(Node node) {
    return fleet.get(node, ada, "/clock");
  }

  private void awaitApart(String which, List<Node> nodes, Duration about) {
    for (Node node : nodes) {
      Fleet.await(
          "it is noticed",
          Duration.ofSeconds(15),
          () -> Math.abs(clock(node).body().path(which).asDouble() - about.toSeconds()) < 20);
    }
  }

  private void awaitAgreed(List<Node> nodes) {
    for (Node node : nodes) {
      Fleet.await(
          "it is right again",
          Duration.ofSeconds(15),
          () ->
              clock(node).isGood()
                  && clock(node).body().path("machineApartSeconds").asDouble() < 5
                  && clock(node).body().path("storeBehindSeconds").asDouble() < 5);
    }
  }

  private void refuses(Node node, Fleet.Person erin, String grant, String words) {
    Fleet.Answer answer = fleet.pickUp(node, erin, grant);
    assertEquals(503, answer.status(), answer.toString());
    assertTrue(
        answer.text("detail").contains("no access is given while clocks differ: ")
            && answer.text("detail").contains(words),
        answer.toString());
  }

  private void says(String grant, String words) {
    Fleet.await("it says why it waits", SOON, () -> String.valueOf(problem(grant)).contains(words));
  }

  private String problem(String grant) {
    return fleet.text("select problem from access_grant where id = '" + grant + "'");
  }

  private String due(Fleet.Made grant) {
    return fleet.text(
        "select to_char(due_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"
            + " from access_grant where id = '"
            + grant.id()
            + "'");
  }

  private void awaitEnds(List<Fleet.Made> grants, Instant due, String what) {
    Fleet.await("due", Duration.ofSeconds(30), () -> Trial.now().isAfter(due));
    Fleet.await("over in time", PROMISED, () -> fleet.over(grants) == grants.size());
    System.out.printf(
        "faults: %s: %d grants proven over %s after their end%n",
        what, grants.size(), Duration.between(due, Trial.now()));
  }

  private void nothingOpensAgain(List<Fleet.Made> over, List<Connection> others) {
    assertEquals(over.size(), fleet.over(over));
    for (Fleet.Made grant : over) {
      assertEquals("ENDED", fleet.state(grant.id()));
      assertEquals(
          "0",
          Fleet.text(
              fleet.server,
              "postgres",
              "select count(*) from pg_roles where rolname like '%" + grant.id() + "'"));
    }
    assertEquals(others.size(), Fleet.alive(others), "nobody else was put out");
  }

  private void end(List<Fleet.Made> grants) {
    grants.forEach(
        grant -> fleet.run("update access_grant set due_at = now() where id = ?", grant.id()));
    trial.awaitState("ENDED", grants.stream().map(Fleet.Made::id).toList(), SOON);
  }

  /** The cluster's jobs go on: what has our mark and no grant is found and taken away. */
  private void orphanIsTakenAway(String when) {
    String id = Ids.next();
    String role = "jit_" + Fleet.BROKER + "_" + id;
    fleet.onServer(
        "set role curfew_broker",
        "create role " + role + " nologin valid until '2020-01-01'",
        "comment on role "
            + role
            + " is '{\"curfew\":1,\"installation\":\""
            + fleet.text("select id from installation")
            + "\",\"broker\":\""
            + Fleet.BROKER
            + "\",\"grant\":\""
            + id
            + "\",\"exp\":\"2020-01-01T00:00:00Z\"}'",
        "reset role");
    Duration took =
        Fleet.await(
            "an orphan is taken away " + when,
            RECONCILED.multipliedBy(2).plus(GRACE).plus(LEASE),
            () ->
                Fleet.text(
                        fleet.server,
                        "postgres",
                        "select count(*) from pg_roles where rolname = '" + role + "'")
                    .equals("0"));
    System.out.println("faults: an orphan " + when + " was taken away in " + took);
  }
}

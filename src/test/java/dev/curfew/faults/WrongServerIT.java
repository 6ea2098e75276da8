package dev.curfew.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.boot.Postgres;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The addresses of three targets answer as a fresh server, as a copy of the right one from before
 * the grants, and as one in recovery, while the right one lives on with the grants in it. None of
 * them has what is looked for, and none of them proves that it is gone.
 */
@Tag("faults")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WrongServerIT {

  private static final Duration BACK = Duration.ofSeconds(10);
  private static final Duration PROMISED = Duration.ofSeconds(15);
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final List<String> WRONG = List.of("t1", "t2", "t3");

  private final Fleet fleet =
      new Fleet(
          "wrong",
          4,
          Map.of("curfew.grant.reconcile-every", "5s", "curfew.targets.check-every", "5s"));
  private final List<Postgres> others = new ArrayList<>();
  private Trial trial;

  @BeforeAll
  void start() {
    fleet.start(2);
  }

  @AfterAll
  void stop() {
    fleet.close();
    others.forEach(Postgres::crash);
  }

  @Test
  void whatIsNotSeenOnAnotherServerIsNotProvenGoneAndTheLivingStay()
      throws SQLException, IOException {
    others.addAll(fleet.copiesOfServer(2));
    Postgres restored = others.get(0).start();
    Files.createFile(others.get(1).folder().resolve("pgdata/standby.signal"));
    Postgres inRecovery = others.get(1).start();
    Postgres fresh = fleet.anotherServer();
    others.add(fresh);
    trial = new Trial(fleet, Bounds.ofTheDesign());

    Instant due = Trial.now().plusSeconds(40);
    List<Fleet.Made> living = fleet.grants(WRONG, 4, 2, due.plus(Duration.ofHours(1)));
    List<Fleet.Made> ending = fleet.grants(WRONG, 4, 2, due);
    List<Fleet.Made> beside = fleet.grants(List.of("t4"), 4, 2, due);
    List<Connection> stay = trial.enterAll(living);
    List<Connection> go = trial.enterAll(ending);
    List<Connection> right = trial.enterAll(beside);
    String then = remembered(restored);
    Fleet.await(
        "each target was told since",
        PATIENCE,
        () ->
            fleet.number(
                    "select count(*) from target_witness where target in ('t1', 't2', 't3')"
                        + " and told_n > "
                        + then)
                == WRONG.size());
    Instant from = Trial.now();
    trial.observer.fault(from, Instant.MAX, BACK);
    fleet.targets.get("t1").leadTo(fresh::port);
    fleet.targets.get("t2").leadTo(restored::port);
    fleet.targets.get("t3").leadTo(inRecovery::port);
    assertTrue(Trial.now().isBefore(due), "they answer so before the end");

    Fleet.await("those beside are over", PATIENCE, () -> fleet.over(beside) == beside.size());
    Duration late = Duration.between(due, Trial.now());
    Fleet.await("each was tried three times", PATIENCE, () -> tries(ending) >= 3);
    for (String target : WRONG) {
      Fleet.Person erin = fleet.person("engineering");
      for (Node node : fleet.nodes) {
        Fleet.await(
            target + " is closed at " + node.name(),
            PATIENCE,
            () -> fleet.ask(node, erin, target, 30).text("code").equals("target-closed"));
        System.out.printf(
            "faults: %s at %s: %s%n",
            target, node.name(), fleet.ask(node, erin, target, 30).text("detail"));
      }
    }
    lookedTwiceMore();
    assertEquals(0, fleet.over(ending), "nothing is proven");
    assertEquals(living.size(), active(living), "nobody of the living is ended");
    assertEquals(stay.size(), Fleet.alive(stay));
    assertEquals(go.size(), Fleet.alive(go), "they are where nobody can look");
    assertEquals(0, Fleet.alive(right));

    WRONG.forEach(target -> fleet.targets.get(target).leadTo(fleet.server::port));
    trial.observer.fault(from, Trial.now(), BACK);
    Duration dead = Fleet.await("dead", PATIENCE, () -> Fleet.alive(go) == 0);
    Duration proven =
        Fleet.await("proven", PATIENCE, () -> fleet.over(ending) == ending.size()).plus(dead);
    for (String target : WRONG) {
      Fleet.Person erin = fleet.person("engineering");
      Fleet.await(
          target + " is open again",
          PATIENCE,
          () -> fleet.ask(fleet.nodes.get(0), erin, target, 30).isGood());
    }
    System.out.printf(
        "faults: three targets answer as other servers, %d grants end there and %d go on: dead %s"
            + " after the return, proven %s after it; beside them %d over %s after their end%n",
        ending.size(), living.size(), dead, proven, beside.size(), late);
    assertEquals(living.size(), active(living));
    assertEquals(stay.size(), Fleet.alive(stay));
    assertTrue(dead.compareTo(BACK) <= 0, "dead soon after the return: " + dead);
    assertTrue(late.compareTo(PROMISED) <= 0, "those beside were not held up: " + late);
    trial.judge();
  }

  /** How far that server remembers Curfew's history. */
  private static String remembered(Postgres server) {
    return Fleet.text(
        server,
        "postgres",
        "select shobj_description(oid, 'pg_authid')::json->>'n' from pg_roles where rolname = 'jit_"
            + Fleet.BROKER
            + "_witness'");
  }

  private void lookedTwiceMore() {
    String next = "select next_at from cluster_job where name = 'reconcile'";
    for (int i = 0; i < 4; i++) { // it is set when a look begins and when it is done
      String before = fleet.text(next);
      Fleet.await("a look at all", PATIENCE, () -> !before.equals(fleet.text(next)));
    }
  }

  private long tries(List<Fleet.Made> grants) {
    return fleet.number("select min(attempts) from access_grant where id in " + ids(grants));
  }

  private long active(List<Fleet.Made> grants) {
    return fleet.number(
        "select count(*) from access_grant where state = 'ACTIVE' and id in " + ids(grants));
  }

  private static String ids(List<Fleet.Made> grants) {
    return grants.stream().map(Fleet.Made::id).collect(Collectors.joining("','", "('", "')"));
  }
}

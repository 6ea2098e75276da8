package dev.curfew.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.Clocks;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * A node is killed by signal 9 at every named point of making, handing out and taking away, while
 * many grants are in flight, and is started again; another lives meanwhile, and is the next. With
 * each kill grants stand at a point of each stage; each of them is a <em>hit</em>. What was begun
 * is finished: everybody gets in, everybody's access ends with proof, once, and nothing is left.
 */
@Tag("faults")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DieAnywhereIT {

  private static final boolean FULL = "full".equals(System.getProperty("curfew.faults"));
  private static final int ENGINEERS = 32;
  private static final int IN_FLIGHT = 20;
  private static final int HANDS = 16;
  private static final Duration OTHERS_COME = Duration.ofSeconds(2);
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration TAKEN_OVER = Duration.ofSeconds(20);

  private static final List<String> MAKING =
      List.of(
          "provision.claimed",
          "provision.before-begin-commit",
          "provision.before-call",
          "provision.after-call",
          "provision.before-settle-commit",
          "provision.after-settle-commit");

  private static final List<String> HANDING_OUT =
      List.of(
          "pickup.before-lease-commit",
          "pickup.before-call",
          "pickup.after-call",
          "pickup.before-shown-commit",
          "pickup.after-shown-commit");

  private static final String DECIDING = "end.before-commit";

  private static final List<String> TAKING_AWAY =
      List.of(
          "revoke.claimed",
          "revoke.before-call",
          "revoke.before-block-commit",
          "revoke.after-block-commit",
          "revoke.before-kill-commit",
          "revoke.after-kill-commit",
          "revoke.before-clean-commit",
          "revoke.after-clean-commit",
          "revoke.after-call",
          "revoke.after-verify",
          "revoke.before-settle-commit",
          "revoke.after-settle-commit");

  private final Fleet fleet =
      new Fleet(
          "dies",
          8,
          Map.of(
              "curfew.grant.workers",
              Integer.toString(HANDS),
              "curfew.targets.check-every",
              "5s",
              // whoever stands in the middle of a transaction stands there until the kill
              "quarkus.datasource.jdbc.new-connection-sql",
              "set idle_in_transaction_session_timeout = '10min'"));
  private final Map<String, Integer> killsAt = new TreeMap<>();
  private final Map<String, Integer> hitsAt = new TreeMap<>();
  private Trial trial;
  private Observer observer;
  private String notOfTheCrowd;
  private int kills;
  private int hits;
  private long fewest = Long.MAX_VALUE;

  @BeforeAll
  void start() {
    fleet.start(2);
    trial = new Trial(fleet, Bounds.ofTheDesign());
    observer = trial.observer;
    notOfTheCrowd = fleet.text("select string_agg(quote_literal(id), ',') from access_grant");
  }

  @AfterAll
  void stop() {
    fleet.close();
  }

  @Test
  void whereverANodeDiesWhatWasBegunIsFinished() throws InterruptedException {
    int wantedKills = Integer.getInteger("curfew.faults.kills", FULL ? 130 : 2);
    int wantedHits = Integer.getInteger("curfew.faults.hits", FULL ? 1_000 : 0);
    long seed = Long.getLong("curfew.faults.seed", System.nanoTime());
    System.out.println("faults: the points are shuffled by seed " + seed);
    Random random = new Random(seed);
    Crowd crowd = new Crowd(fleet, observer, ENGINEERS);
    crowd.start();
    Deque<List<String>> next = new ArrayDeque<>();
    while (kills < wantedKills || hits < wantedHits) {
      if (next.isEmpty()) {
        next.addAll(round(random));
      }
      List<String> missed = killAt(next.remove());
      if (!missed.isEmpty()) {
        next.add(missed);
      }
      crowd.refuseFailure();
      assertEquals(List.of(), observer.breaches());
    }
    crowd.finish();
    fleet.nodes.forEach(this::awaitReady);
    System.out.printf(
        "faults: %d kills with at least %d grants in flight, %d hits, %d grants lived%n"
            + "faults: kills at %s%nfaults: hits at %s%n",
        kills, fewest, hits, crowd.lives(), killsAt, hitsAt);
    assertNothingIsLeft(crowd.lives());
    trial.judge();
  }

  /**
   * Every point, one of each stage at a time. Who stands where an end is decided may be the loop
   * that gives all others their work: with it there is only a point of a hand-out.
   */
  private static List<List<String>> round(Random random) {
    List<String> making = shuffled(MAKING, random);
    List<String> handing = shuffled(HANDING_OUT, random);
    List<List<String>> round = new ArrayList<>();
    round.add(List.of(handing.get(0), DECIDING));
    for (String taking : shuffled(TAKING_AWAY, random)) {
      int i = round.size();
      round.add(List.of(making.get(i % making.size()), handing.get(i % handing.size()), taking));
    }
    return round;
  }

  private static List<String> shuffled(List<String> points, Random random) {
    List<String> shuffled = new ArrayList<>(points);
    Collections.shuffle(shuffled, random);
    return shuffled;
  }

  /** Kills a node there; returns the points that nobody could come to any more. */
  private List<String> killAt(List<String> points) {
    Node node = fleet.nodes.get(kills % fleet.nodes.size());
    fleet.nodes.forEach(this::awaitReady);
    Instant from = Clocks.ofThisMachine();
    observer.fault(from, Instant.MAX, TAKEN_OVER);
    node.arm(points);
    for (String point : points) {
      Fleet.await(
          "a grant at " + point,
          PATIENCE,
          () -> !node.standingAt(point).isEmpty() || hasNoHandLeft(node, points));
    }
    Fleet.rest(OTHERS_COME);
    Fleet.await("grants in flight", PATIENCE, () -> inFlight() >= IN_FLIGHT);
    long flying = inFlight();
    node.kill();
    observer.fault(from, Clocks.ofThisMachine(), TAKEN_OVER);
    Map<String, Integer> stood = new TreeMap<>();
    points.forEach(point -> stood.put(point, node.standingAt(point).size()));
    stood.values().removeIf(count -> count == 0);
    node.disarm();
    node.launch();
    kills++;
    fewest = Math.min(fewest, flying);
    stood.forEach((point, count) -> killsAt.merge(point, 1, Integer::sum));
    stood.forEach((point, count) -> hitsAt.merge(point, count, Integer::sum));
    hits = hitsAt.values().stream().mapToInt(Integer::intValue).sum();
    System.out.printf(
        "faults: %s %s killed with %d in flight, of which stood at %s; %d kills, %d hits%n",
        Clocks.ofThisMachine(), node.name(), flying, stood, kills, hits);
    assertTrue(flying >= IN_FLIGHT, flying + " in flight");
    return points.stream().filter(point -> !stood.containsKey(point)).toList();
  }

  /** Each that stands where a call is made keeps a hand of its node. */
  private static boolean hasNoHandLeft(Node node, List<String> points) {
    return points.stream()
            .filter(point -> MAKING.contains(point) || TAKING_AWAY.contains(point))
            .mapToInt(point -> node.standingAt(point).size())
            .sum()
        >= HANDS;
  }

  /** A node that finds its store too slow to start ends, and is started again, as in production. */
  private void awaitReady(Node node) {
    Fleet.await(
        node.name() + " is ready",
        PATIENCE,
        () -> {
          if (!node.isAlive()) {
            System.out.println("faults: " + node.name() + " did not start, and is started again");
            node.launch();
          }
          return node.isReady();
        });
  }

  private long inFlight() {
    return ofTheCrowd("state not in ('ENDED', 'CANCELLED')");
  }

  private long ofTheCrowd(String where) {
    return fleet.number(
        "select count(*) from access_grant where id not in (" + notOfTheCrowd + ") and " + where);
  }

  private void assertNothingIsLeft(int lives) {
    assertEquals(lives, ofTheCrowd("state = 'ENDED'"), "grants that ended");
    assertEquals(0, inFlight(), "grants that did not");
    assertEquals(
        lives,
        fleet.number(
            "select count(*) from audit_entry where kind = 'grant-ended' and grant_id not in ("
                + notOfTheCrowd
                + ")"),
        "one end, one entry");
    String open =
        fleet.text(
            "select coalesce(string_agg(quote_literal('jit_f_' || id), ','), '''''')"
                + " from access_grant where state not in ('ENDED', 'CANCELLED')");
    assertEquals(
        "jit_f_witness",
        Fleet.text(
            fleet.server,
            "postgres",
            "select string_agg(rolname, ', ') from pg_roles where rolname ~ '^jitx?_f_'"
                + " and rolname not in ("
                + open
                + ")"),
        "accounts at the server");
  }
}

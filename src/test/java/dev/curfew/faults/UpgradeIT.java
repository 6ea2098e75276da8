package dev.curfew.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.Clocks;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The drill of "Upgrading two nodes": one node after the other is asked to stop and starts again,
 * while grants end and people go on. Both nodes are of this build; that the tables are those of a
 * later version by then is made up, as that page allows a later version to change them.
 */
@Tag("faults")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UpgradeIT {

  private static final boolean FULL = "full".equals(System.getProperty("curfew.faults"));
  private static final int EACH = Integer.getInteger("curfew.faults.upgraded", FULL ? 40 : 3);
  private static final Duration DRAIN = Duration.ofSeconds(6);

  /** The unit's: until then it has to end by itself. */
  private static final Duration STOP = Duration.ofSeconds(45);

  private static final Duration BACK = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private final Fleet fleet =
      new Fleet(
          "upgrade",
          2,
          Map.of(
              "curfew.grant.drain",
              DRAIN.toSeconds() + "s",
              "curfew.grant.per-target",
              "16",
              "curfew.targets.check-every",
              "5s"));
  private final List<String> targets = List.copyOf(fleet.targets.keySet());
  private final List<Fleet.Made> grants = Collections.synchronizedList(new ArrayList<>());
  private final List<Connection> inside = Collections.synchronizedList(new ArrayList<>());
  private final ExecutorService hands = Executors.newCachedThreadPool();
  private Fleet.Person erin;
  private Fleet.Person ann;
  private Trial trial;
  private Observer observer;
  private Future<Integer> ends;
  private Future<Integer> people;
  private Node open;
  private volatile boolean upgrading = true;

  @BeforeAll
  void start() {
    fleet.start(2);
    erin = fleet.person("engineering");
    ann = fleet.person("dba-oncall");
    trial = new Trial(fleet, Bounds.ofTheDesign());
    observer = trial.observer;
  }

  @AfterAll
  void stop() {
    upgrading = false;
    hands.shutdownNow();
    fleet.close();
  }

  @Test
  void oneNodeAfterTheOtherIsRestartedWhileGrantsEndAndNobodyNotices() throws Exception {
    Node first = fleet.nodes.get(0);
    Node second = fleet.nodes.get(1);
    open = second;
    ends = hands.submit(whileUpgrading(this::moreThatEnds));
    people = hands.submit(whileUpgrading(this::wholeStory));

    callsAreInHand("");
    Duration firstTook = stop(first);
    String atSecond = callsAreInHand("");
    changeTablesAsALaterVersionWould();
    first.launch().awaitReady();
    storyAt(first);

    // the second is asked to stop while a target hangs: what it has in hand there it cannot finish
    Instant from = now();
    fleet.targets.get("t2").swallow();
    observer.fault(from, Instant.MAX, BACK);
    callsAreInHand(" and target = 't2' and lease_owner = '" + atSecond + "'");
    Duration secondTook = stop(second);
    assertEquals(
        0,
        fleet.number("select count(*) from access_grant where lease_owner = '" + atSecond + "'"),
        "it gave back what it could not finish");
    Instant back = now();
    fleet.targets.get("t2").pass();
    observer.fault(from, back, BACK);
    second.launch().awaitReady();
    storyAt(second);

    upgrading = false;
    int ended = ends.get();
    int stories = people.get();
    assertFalse(inside.isEmpty(), "somebody was inside");
    assertTrue(stories > 0, "people went on all the while");
    List<String> ids = grants.stream().map(Fleet.Made::id).toList();
    String these = "('" + String.join("','", ids) + "')";
    Fleet.await(
        "all are over",
        PATIENCE,
        () ->
            fleet.number(
                    "select count(*) from access_grant where ended_at is not null and id in "
                        + these)
                == ids.size());
    assertEquals(0, inside.stream().filter(UpgradeIT::isAlive).count(), "sessions that are alive");
    assertEquals(
        ids.size(),
        fleet.number(
            "select count(*) from audit_entry where kind = 'grant-ended' and grant_id in " + these),
        "each ended once");
    assertEquals(
        0, fleet.number("select count(*) from audit_entry where kind = 'grant-taken-over'"));
    for (Node node : fleet.nodes) {
      assertEquals(0, node.figure("curfew_leases_taken_over_total"), node.name());
    }
    System.out.printf(
        "faults: two nodes restarted one by one while %d grants ended (%d batches) and %d people"
            + " went the whole way: stopped in %s and %s%n",
        ids.size(), ended, stories, firstTook, secondTook);
    trial.judge();
  }

  /** As {@code systemctl stop}: it ends by itself, and in time. People are sent to the other. */
  private Duration stop(Node node) {
    storyAt(node == fleet.nodes.get(0) ? fleet.nodes.get(1) : fleet.nodes.get(0));
    Instant asked = now();
    assertTrue(node.terminate(STOP), "it stops by itself:\n" + node.output());
    return Duration.between(asked, now());
  }

  /** From now on people come to that node; who is on the way at the other finishes first. */
  private void storyAt(Node node) {
    synchronized (this) {
      open = node;
    }
  }

  /** Waits until somebody works at a target; answers who. */
  private String callsAreInHand(String which) {
    String owner =
        "select max(lease_owner) from access_grant where lease_owner like 'worker:%'" + which;
    String[] found = new String[1];
    Fleet.await(
        "calls are under way",
        PATIENCE,
        () -> {
          found[0] = fleet.text(owner);
          return found[0] != null || ends.isDone() || people.isDone();
        });
    assertFalse(ends.isDone(), () -> "grants end all the while: " + ends);
    assertFalse(people.isDone(), () -> "people go on all the while: " + people);
    return found[0];
  }

  private void changeTablesAsALaterVersionWould() {
    fleet.run("alter table access_grant add column of_a_later_version text");
    fleet.run(
        "insert into flyway_schema_history select installed_rank + 1, '9999', 'later', type,"
            + " 'V9999__later.sql', 1, installed_by, now(), 1, true from flyway_schema_history"
            + " order by installed_rank desc limit 1");
  }

  /** Grants that end soon, with somebody inside. */
  private void moreThatEnds() throws SQLException {
    List<Fleet.Made> more = fleet.grants(targets, EACH, 1, now().plusSeconds(12));
    grants.addAll(more);
    for (int i = 0; i < more.size() && now().isBefore(more.get(i).due()); i += EACH) {
      inside.add(fleet.enter(more.get(i)));
    }
    Fleet.rest(Duration.ofSeconds(2));
  }

  /** Asked for, agreed to, picked up, entered and given back. */
  private synchronized void wholeStory() throws SQLException {
    Node node = open;
    String request = Fleet.must(fleet.ask(node, erin, "t1", 30)).text("id");
    Fleet.must(fleet.approve(node, ann, request));
    observer.toldApproved(request, now());
    String grant = fleet.get(node, erin, "/requests/" + request).text("grant");
    Fleet.await("active", PATIENCE, () -> fleet.state(grant).equals("ACTIVE"));
    try (Connection session = fleet.enter(Fleet.must(fleet.pickUp(node, erin, grant)))) {
      Fleet.must(fleet.giveBack(node, erin, grant));
      observer.toldEnded(grant, now());
      Fleet.await("it is over", PATIENCE, () -> !isAlive(session));
    }
  }

  private interface Step {
    void run() throws Exception;
  }

  /** Answers how often it was done; what goes wrong once has gone wrong. */
  private Callable<Integer> whileUpgrading(Step step) {
    return () -> {
      int done = 0;
      while (upgrading) {
        step.run();
        done++;
      }
      return done;
    };
  }

  private static boolean isAlive(Connection session) {
    try (Statement ask = session.createStatement()) {
      return ask.execute("select 1");
    } catch (SQLException e) {
      return false;
    }
  }

  private static Instant now() {
    return Clocks.ofThisMachine();
  }
}

package dev.curfew.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.Clocks;
import dev.curfew.Ids;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The promise under fire: two nodes, a store and a server behind several targets, as processes of
 * this machine, and everything that can break breaks. What is true is said by the {@link Observer},
 * which looks all the while. The sizes are a sample; {@code -Pfaults} runs the whole.
 */
@Tag("faults")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FaultsIT {

  private static final boolean FULL = "full".equals(System.getProperty("curfew.faults"));
  private static final Duration GRACE = Duration.ofSeconds(5);
  private static final Duration TAKEN_OVER = Duration.ofSeconds(20);
  private static final Duration BACK = Duration.ofSeconds(10);
  private static final Duration STARTED = Duration.ofSeconds(60);
  private static final Duration LEASE = Duration.ofSeconds(15);

  private final int ends = size("ends", 200, 10_000);
  private final Fleet fleet =
      new Fleet(
          "faults",
          5,
          // a role that has thousands of others to administer is slow at its server
          ends > 1_000 ? Set.of("t1", "t2", "t3", "t4", "t5") : Set.of(),
          Map.of(
              "curfew.grant.orphan-grace",
              GRACE.toSeconds() + "s",
              "curfew.targets.check-every",
              "5s"));
  private final List<String> allTargets = List.copyOf(fleet.targets.keySet());
  private final int orphans = size("orphans", 50, 1_000);
  private Trial trial;
  private Observer observer;

  @BeforeAll
  void start() {
    fleet.start(2);
    seedForeigners();
    seedOrphans(); // before anybody looks: for a moment each of them has no mark yet
    // more than a look takes away in its time are taken away at five a second
    Duration longer = orphans > 100 ? Duration.ofSeconds(orphans / 5) : Duration.ZERO;
    trial = new Trial(fleet, Bounds.ofTheDesign().withGrace(GRACE.plus(longer)));
    observer = trial.observer;
  }

  @AfterAll
  void stop() {
    fleet.close();
  }

  @Test
  @Order(1)
  void aNodeKilledWhileGrantsEndLosesNoneOfThem() throws SQLException {
    int each = ends / allTargets.size();
    Instant due = inSeconds(each > 100 ? 30 + each / 10 : 12);
    List<Fleet.Made> grants = fleet.grants(allTargets, each, 4, due);
    List<Connection> inside = trial.enterAll(grants);
    String made = "request_id = 'r' || id";
    if (each > 40) {
      // so many at once take longer than one may, whoever dies; that none is lost is judged
      observer.fault(due, Instant.MAX, TAKEN_OVER);
    }
    Fleet.await("a fifth is over", Duration.ofMinutes(30), () -> ended(made) >= grants.size() / 5);
    Instant killed = now();
    fleet.nodes.get(0).kill();
    long overThen = ended(made);
    if (each <= 40) {
      observer.fault(due, killed.plusSeconds(grants.size() / 20), TAKEN_OVER);
    }
    Fleet.await("all are over", Duration.ofMinutes(60), () -> ended(made) == grants.size());
    observer.fault(due, now(), TAKEN_OVER);
    assertTrue(overThen < grants.size() / 2, "it died in the middle of it: " + overThen);
    say("kill -9 of one of two nodes while %d grants end, at a fifth", grants.size(), due, killed);
    assertDead(inside);
    fleet.nodes.get(0).launch().awaitReady();
    trial.judge();
  }

  @Test
  @Order(2)
  void aNodeThatSleepsForTwiceItsLeaseChangesNothingWhenItGoesOn() throws SQLException {
    Instant due = inSeconds(6);
    List<Fleet.Made> grants = fleet.grants(allTargets, 8, 8, due);
    List<Connection> inside = trial.enterAll(grants);
    String leastInHand =
        "select case when count(*) = 2 then min(n) else 0 end from (select count(*) n from"
            + " access_grant where lease_owner like 'worker:%' group by lease_owner) each";
    Fleet.await(
        "both have calls in hand", Duration.ofSeconds(40), () -> fleet.number(leastInHand) >= 3);
    Instant asleep = now();
    fleet.nodes.get(0).stop();
    observer.fault(asleep, asleep, TAKEN_OVER.plus(LEASE));
    List<String> ids = grants.stream().map(Fleet.Made::id).toList();
    Fleet.await("the other took over", Duration.ofSeconds(90), () -> over(ids) == ids.size());
    say("SIGSTOP of one of two nodes, %d grants ending", grants.size(), due, asleep);
    Duration slept = Duration.between(asleep, now());
    Duration rest = LEASE.multipliedBy(2).minus(slept);
    if (!rest.isNegative()) {
      Fleet.rest(rest);
    }
    String rows = row(ids);
    fleet.nodes.get(0).goOn();
    Fleet.await(
        "what it still wanted to write is refused",
        Duration.ofSeconds(60),
        () -> ids.stream().anyMatch(id -> refused(fleet.nodes.get(0), id) > 0));
    fleet.nodes.get(0).awaitReady();
    Fleet.rest(Duration.ofSeconds(3));
    System.out.printf(
        "faults: the node that slept was refused at %d grants%n",
        ids.stream().filter(id -> refused(fleet.nodes.get(0), id) > 0).count());
    assertEquals(rows, row(ids), "nothing that the other wrote is changed");
    assertDead(inside);
    assertEquals(
        ids.size(),
        fleet.number(
            "select count(*) from audit_entry where kind = 'grant-ended' and grant_id in ('"
                + String.join("','", ids)
                + "')"),
        "one end, one entry");
    trial.judge();
  }

  @Test
  @Order(3)
  void aNodeThatFreezesInTheMiddleOfATransactionKeepsNothingFromTheOther() throws SQLException {
    Node frozen = fleet.nodes.get(0);
    String point = "revoke.before-block-commit"; // its rows are locked there
    frozen.arm(List.of(point));
    Instant due = inSeconds(6);
    List<Fleet.Made> grants = fleet.grants(allTargets, 4, 2, due);
    List<Connection> inside = trial.enterAll(grants);
    Fleet.await(
        "some are in the middle of it",
        Duration.ofSeconds(40),
        () -> frozen.standingAt(point).size() >= 3);
    Instant asleep = now();
    frozen.stop();
    observer.fault(due, asleep, TAKEN_OVER.plus(LEASE));
    List<String> ids = grants.stream().map(Fleet.Made::id).toList();
    Fleet.await("the other took over", Duration.ofSeconds(90), () -> over(ids) == ids.size());
    say(
        "SIGSTOP of a node in the middle of transactions of %d grants",
        frozen.standingAt(point).size(), due, asleep);
    assertDead(inside);
    frozen.kill();
    frozen.disarm();
    frozen.launch().awaitReady();
    trial.judge();
  }

  @Test
  @Order(5)
  void aNodeThatLostItsStoreGivesNothingAndTheOtherTakesOver() throws SQLException {
    Node cut = fleet.nodes.get(0);
    Node whole = fleet.nodes.get(1);
    Fleet.Person erin = fleet.person("engineering");
    Fleet.Person ann = fleet.person("dba-oncall");
    String waiting = live(whole, erin, ann, "t1");
    Instant from = now();
    List<Fleet.Made> grants = fleet.grants(allTargets, 4, 1, inSeconds(20));
    List<Connection> inside = trial.enterAll(grants);
    String newest = onServer("select max(oid::bigint) from pg_roles");
    String begun = begunBy(cut, whole, erin, ann);
    fleet.toStore.get(0).swallow();
    whole.goOn();
    fleet.targets.get("t3").pass();
    List<String> ids = grants.stream().map(Fleet.Made::id).toList();
    Fleet.Answer refused = fleet.pickUp(cut, erin, waiting);
    assertFalse(refused.isGood(), "a node without its store hands out nothing");
    Fleet.await("due", Duration.ofSeconds(30), () -> now().isAfter(grants.get(0).due()));
    Duration took = Fleet.await("the other takes over", TAKEN_OVER, () -> over(ids) == ids.size());
    System.out.println("faults: with one node cut off, " + ids.size() + " were over in " + took);
    String made = live(whole, fleet.person("engineering"), ann, "t2");
    Fleet.await(
        "what the cut node had begun is made by the other",
        TAKEN_OVER,
        () -> fleet.state(begun).equals("ACTIVE"));
    Duration rest = Duration.ofSeconds(40).minus(Duration.between(from, now()));
    if (!rest.isNegative()) {
      Fleet.rest(rest);
    }
    assertFalse(fleet.pickUp(cut, erin, waiting).isGood());
    assertFalse(cut.isReady(), "it says that it is not well");
    assertEquals(
        "f",
        onServer(
            "select rolcanlogin or rolpassword is not null from pg_authid where rolname = 'jit_f_"
                + waiting
                + "'"),
        "it opened nothing at the target either");
    assertEquals(
        Stream.of(begun, made).map(id -> "jit_f_" + id).sorted().collect(Collectors.joining(",")),
        onServer(
            "select string_agg(rolname, ',' order by rolname collate \"C\") from pg_roles"
                + " where rolname ~ '^jitx?_f_' and oid::bigint > "
                + newest),
        "and made nothing there that the other did not");
    assertDead(inside);
    fleet.toStore.get(0).pass();
    Fleet.await("it is back", Duration.ofSeconds(60), cut::isReady);
    Fleet.await(
        "it hands out again",
        Duration.ofSeconds(30),
        () -> fleet.pickUp(cut, erin, waiting).isGood());
    for (String grant : List.of(waiting, made, begun)) {
      assertEquals(1, provisions(grant), "made once");
      fleet.run("update access_grant set due_at = now() where id = ?", grant);
    }
    Fleet.await("over", Duration.ofSeconds(60), () -> over(List.of(waiting, made, begun)) == 3);
    trial.judge();
  }

  /** An approved request whose making that node has begun, while the other stands still. */
  private String begunBy(Node node, Node other, Fleet.Person erin, Fleet.Person ann) {
    fleet.targets.get("t3").delay(Duration.ofMillis(150));
    String request = Fleet.must(fleet.ask(node, erin, "t3", 30)).text("id");
    other.stop();
    Fleet.must(fleet.approve(node, ann, request));
    observer.toldApproved(request, now());
    String grant = fleet.get(node, erin, "/requests/" + request).text("grant");
    Fleet.await(
        "its call is under way",
        Duration.ofSeconds(20),
        () ->
            fleet.number(
                    "select count(*) from access_grant where state = 'PROVISIONING' and lease_owner"
                        + " is not null and id = '"
                        + grant
                        + "'")
                == 1);
    return grant;
  }

  private long provisions(String grant) {
    return fleet.number(
        "select count(*) from audit_entry where kind = 'grant-provisioned' and grant_id = '"
            + grant
            + "'");
  }

  @Test
  @Order(6)
  void whatEndedWhileEveryBrokerWasDeadIsDeadWithinAMinuteOfTheirStart() throws SQLException {
    Instant from = now();
    observer.fault(from, Instant.MAX, STARTED);
    fleet.nodes.forEach(Node::kill);
    Instant due = inSeconds(FULL ? 60 : 8);
    List<Fleet.Made> grants = fleet.grants(allTargets, 10, 2, due);
    List<Connection> inside = trial.enterAll(grants);
    Fleet.rest(Duration.between(now(), due.plusSeconds(FULL ? 600 : 8)));
    assertEquals(inside.size(), Fleet.alive(inside), "nobody ends them");
    Instant started = now();
    fleet.nodes.forEach(Node::launch);
    observer.fault(from, started, STARTED);
    List<String> ids = grants.stream().map(Fleet.Made::id).toList();
    Duration took =
        Fleet.await("all are over", Duration.ofMinutes(10), () -> over(ids) == ids.size());
    say("both nodes dead at the end, %d grants, over after the start", ids.size(), due, started);
    assertTrue(took.compareTo(STARTED) <= 0, "over soon after the start: " + took);
    assertDead(inside);
    fleet.nodes.forEach(Node::awaitReady);
    trial.judge();
  }

  @Test
  @Order(8)
  void orphansAreFoundAndForeignersAreNotTouched() {
    Duration most = orphans > 100 ? Duration.ofMinutes(60) : Duration.ofMinutes(4);
    Fleet.await("all are taken away", most, () -> left() == 0);
    System.out.println("faults: " + orphans + " orphans taken away, as many foreigners there");
    assertEquals(orphans, foreigners());
    // a broker that dies between the two says at its next look that it is gone
    Fleet.await("each has its end in the history", most, () -> told() == orphans);
    trial.judge();
  }

  // what the tests share

  private static int size(String what, int sample, int full) {
    return Integer.getInteger("curfew.faults." + what, FULL ? full : sample);
  }

  private static void say(String what, int count, Instant due, Instant since) {
    System.out.printf(
        "faults: %s: %s after the end, %s after the fault%n",
        what.formatted(count), Duration.between(due, now()), Duration.between(since, now()));
  }

  private String live(Node node, Fleet.Person erin, Fleet.Person ann, String target) {
    Fleet.Answer[] asked = new Fleet.Answer[1];
    Fleet.await(
        target + " is open again after the last fault",
        BACK,
        () -> (asked[0] = fleet.ask(node, erin, target, 30)).isGood());
    String request = asked[0].text("id");
    Fleet.must(fleet.approve(node, ann, request));
    observer.toldApproved(request, now());
    String grant = fleet.get(node, erin, "/requests/" + request).text("grant");
    Fleet.await("active", Duration.ofSeconds(40), () -> fleet.state(grant).equals("ACTIVE"));
    return grant;
  }

  private static void assertDead(List<Connection> inside) {
    assertEquals(0, Fleet.alive(inside), "sessions that are alive");
  }

  /** What the store has of these grants, and how much is told of them. */
  private String row(List<String> ids) {
    String these = " in ('" + String.join("','", ids) + "')";
    return fleet.text(
            "select md5(string_agg(g::text, ' ' order by id)) from access_grant g where id" + these)
        + fleet.text(" select ' ' || count(*) from audit_entry where grant_id" + these);
  }

  private static long refused(Node node, String grant) {
    String line = "grant " + grant + ": refused what a call wanted to write";
    return node.output().lines().filter(each -> each.contains(line)).count();
  }

  private long ended(String where) {
    return fleet.number(
        "select count(*) from access_grant where ended_at is not null and " + where);
  }

  private long over(List<String> ids) {
    return ended("id in ('" + String.join("','", ids) + "')");
  }

  private void seedForeigners() {
    List<String> sql = new ArrayList<>();
    for (int i = 0; i < orphans; i++) {
      String id = Ids.next();
      String name =
          switch (i % 4) {
            case 0 -> "jit_f_" + id; // our name, the mark of another installation
            case 1 -> "jit_f_" + id; // our name, no mark
            case 2 -> "jit_g_" + id; // another broker
            default -> "jitf_" + id; // nearly our name
          };
      sql.add("create role " + name + (i % 3 == 0 ? " login" : "") + " valid until '2020-01-01'");
      if (i % 4 != 1) {
        sql.add(
            "comment on role "
                + name
                + " is '"
                + mark(i % 4 == 2 ? "g" : "f", id, "0".repeat(24))
                + "'");
      }
      sql.add("grant orders_read to " + name);
    }
    fleet.onServer(sql.toArray(String[]::new));
  }

  private void seedOrphans() {
    String installation = fleet.text("select id from installation");
    List<String> sql = new ArrayList<>();
    sql.add("create table orphan_names (name text)");
    sql.add("set role curfew_broker");
    for (int i = 0; i < orphans; i++) {
      String id = Ids.next();
      String name = "jit_f_" + id;
      sql.add("create role " + name + (i < 3 ? " login" : "") + " valid until '2020-01-01'");
      sql.add("comment on role " + name + " is '" + mark("f", id, installation) + "'");
      sql.add("grant orders_read to " + name + " with inherit true, set false");
      sql.add("reset role");
      sql.add("insert into orphan_names values ('" + name + "')");
      sql.add("set role curfew_broker");
    }
    fleet.onServer(sql.toArray(String[]::new));
  }

  private static String mark(String broker, String grant, String installation) {
    return "{\"curfew\":1,\"installation\":\""
        + installation
        + "\",\"broker\":\""
        + broker
        + "\",\"grant\":\""
        + grant
        + "\",\"exp\":\"2020-01-01T00:00:00Z\"}";
  }

  private String onServer(String sql) {
    return Fleet.text(fleet.server, "postgres", sql);
  }

  /** Seeded orphans that are still there, under either name. */
  private long left() {
    return Long.parseLong(
        onServer(
            "select count(*) from orphan_names o join pg_roles r"
                + " on r.rolname in (o.name, replace(o.name, 'jit_', 'jitx_'))"));
  }

  private long told() {
    return fleet.number(
        "select count(distinct body::json->>'principal') from audit_entry"
            + " where kind in ('orphan-revoked', 'orphan-gone')");
  }

  private long foreigners() {
    return Long.parseLong(
        onServer(
            "select count(*) from pg_roles r where rolname like 'jit%' and rolvaliduntil ="
                + " '2020-01-01' and rolname not in (select name from orphan_names)"));
  }

  private static Instant now() {
    return Clocks.ofThisMachine();
  }

  private static Instant inSeconds(int seconds) {
    return now().plusSeconds(seconds);
  }
}

package dev.curfew.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The drill of "Restoring the store": a backup is made while it runs, life goes on, and the store's
 * files become those of the backup; once with both nodes dead, as that page says, and once under
 * running nodes, as by a failover to a replica that lost commits. That an hour went by since is
 * made up by what the store then says: the ends that it knows are past. {@code
 * -Dcurfew.faults.restored=500} says under how many grants.
 */
@Tag("faults")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RestoreIT {

  private static final boolean FULL = "full".equals(System.getProperty("curfew.faults"));
  private static final int SIZE = Integer.getInteger("curfew.faults.restored", FULL ? 500 : 24);

  /** Of each of six kinds at each of four targets. */
  private static final int EACH = (SIZE + 23) / 24;

  private static final int OPEN = Math.min(EACH, 5);

  private static final Duration GRACE = Duration.ofSeconds(5);
  private static final Duration AFTER_START = Duration.ofSeconds(60);
  private static final Duration BACK = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final String HANGS = "t4";
  private static final int LONG = 120;

  private final Fleet fleet =
      new Fleet(
          "restore",
          4,
          Map.of(
              "curfew.grant.orphan-grace",
              GRACE.toSeconds() + "s",
              "curfew.grant.reconcile-every",
              "2s",
              "curfew.targets.check-every",
              "5s",
              "curfew.mfa.admin-accept-code",
              "true"));
  private final List<String> targets = List.copyOf(fleet.targets.keySet());
  private final List<Connection> living = new ArrayList<>();
  private int given;
  private Fleet.Person ann;
  private Fleet.Person ada;
  private Node first;
  private Node second;
  private Trial trial;

  @BeforeAll
  void start() {
    fleet.start(2);
    first = fleet.nodes.get(0);
    second = fleet.nodes.get(1);
    ann = fleet.person("dba-oncall");
    ada = fleet.person("administrators");
  }

  @AfterEach
  void lookNoMore() {
    if (trial != null) {
      trial.end();
    }
  }

  @AfterAll
  void stop() {
    fleet.close();
  }

  @Test
  @Order(1)
  void aRestoredStoreTakesAwayOnlyWhatItsMarkSaysIsOverUntilAnAdministratorDecides()
      throws SQLException {
    trial = new Trial(fleet, bounds());
    Fleet.Person erin = fleet.person("engineering");
    Fleet.Person bob = fleet.person("engineering");
    Fleet.Person carl = fleet.person("engineering");
    Fleet.Person dora = fleet.person("engineering");
    Fleet.Person abe = fleet.person("engineering");
    Instant due = inMinutes(120);
    List<Fleet.Made> agreed = grants(due);
    List<Fleet.Made> moved = grants(due);
    List<Fleet.Made> gone = grants(due);
    List<Fleet.Made> over = grants(due);
    String pickedUp = active(first, erin, "t1");
    String waiting = active(first, bob, "t2");
    String pending = Fleet.must(fleet.ask(first, carl, "t3", LONG)).text("id");
    String givenBack = active(second, abe, "t2");
    fleet.enter(Fleet.must(fleet.pickUp(first, abe, givenBack))).close();
    Instant soon = Trial.now().plusSeconds(SIZE > 100 ? 240 : 45);
    List<Fleet.Made> ending = grants(soon);
    List<Connection> ofOver = trial.enterAll(over);
    List<Connection> ofEnding = trial.enterAll(ending);
    living.addAll(trial.enterAll(agreed));
    living.addAll(trial.enterAll(moved));
    Instant then = Trial.now();
    StoreBackup backup = StoreBackup.of(fleet.store);

    // life goes on, and the backup knows nothing of it
    Set<String> endedBefore = told("grant-ending");
    living.add(fleet.enter(Fleet.must(fleet.pickUp(first, erin, pickedUp))));
    Fleet.must(fleet.giveBack(second, abe, givenBack));
    end(gone);
    Fleet.await("given back", PATIENCE, () -> isOver(givenBack));
    List<Fleet.Made> lost = grants(due);
    living.addAll(trial.enterAll(lost));
    List<Fleet.Made> lostAndOver = fleet.grants(List.of("t1"), 1, 1, due);
    List<Connection> ofLostAndOver = trial.enterAll(lostAndOver);
    String revoked = active(second, dora, "t3");
    Connection ofRevoked = fleet.enter(Fleet.must(fleet.pickUp(second, dora, revoked)));
    targetsRemember(revoked);
    trial.judge();
    trial.end();

    // the drill: no node runs, the backup is put in place, the nodes are started
    fleet.nodes.forEach(Node::kill);
    backup.restore();
    endIsPast(ids(moved));
    endIsPast(ids(ending));
    endIsPast(List.of(pickedUp));
    markIsPast(over);
    markIsPast(lostAndOver);
    fleet.targets.get(HANGS).swallow();
    Instant hangs = Trial.now();
    trial = afterTheStoreWentBackTo(then);
    trial.observer.fault(hangs, Instant.MAX, BACK);
    fleet.nodes.forEach(Node::launch);
    for (Node node : fleet.nodes) {
      JsonNode said = awaitQuarantine(node);
      String why = said.path("reasons").path(0).asText();
      assertTrue(why.matches("t[123] remembers entry .* which this store does not have"), why);
      assertTrue(node.readiness().startsWith("503"), node.readiness());
      assertTrue(node.readiness().contains("quarantine"), node.readiness());
    }
    trial.observer.fault(then, Trial.now(), AFTER_START);

    // what differs is listed, and only what its mark says is over is taken away
    awaitKind("NOT_IN_STORE", ids(seen(lost)));
    awaitKind("NOT_AT_TARGET", ids(seen(gone)));
    awaitKind("END_DIFFERS", ids(seen(moved)));
    assertEquals("END_DIFFERS", kind(pickedUp));
    assertEquals("NOT_AT_TARGET", kind(givenBack));
    assertEquals("NOT_IN_STORE", kind(revoked));
    assertEquals(Set.of(""), kinds(ids(agreed)), "store and targets agree about them");
    assertEquals(Set.of(""), kinds(ids(hanging(moved))), "nobody could look there");
    assertTrue(notSeen().startsWith(HANGS + ": "), notSeen());
    Fleet.await("over by its mark is ended", PATIENCE, () -> allOver(seen(over)));
    assertEquals(OPEN, Fleet.alive(ofOver), "those at the target that hangs are inside");
    assertAllLive();
    assertTrue(Fleet.isAlive(ofRevoked));

    // the target that hung
    fleet.targets.get(HANGS).pass();
    trial.observer.fault(hangs, Trial.now(), BACK);
    awaitKind("END_DIFFERS", ids(hanging(moved)));
    awaitKind("NOT_AT_TARGET", ids(hanging(gone)));
    Fleet.await("all targets are seen", PATIENCE, () -> notSeen().isEmpty());
    Fleet.await("over by its mark is ended", PATIENCE, () -> allOver(over));
    assertEquals(0, Fleet.alive(ofOver));
    Fleet.await("what nobody knows, too", PATIENCE, () -> Fleet.alive(ofLostAndOver) == 0);

    // nothing new; an administrator decides about one
    assertEquals(409, fleet.ask(first, fleet.person("engineering"), "t1", LONG).status());
    assertEquals(409, fleet.approve(second, ann, pending).status());
    assertEquals(409, fleet.pickUp(second, bob, waiting).status());
    assertEquals(403, fleet.post(first, erin, "/quarantine/end", Map.of(), true).status());
    revoke(revoked);
    Fleet.await("it is taken away", PATIENCE, () -> !Fleet.isAlive(ofRevoked));
    assertAllLive();
    assertEquals(ids(over), endedSince(endedBefore, ending), "nothing else was ended");

    // the end of it
    Fleet.must(fleet.post(second, ada, "/quarantine/end", Map.of(), true));
    fleet.nodes.forEach(Node::awaitReady);
    assertFalse(quarantine(first).path("on").asBoolean());
    assertEquals(1, entries("quarantine-begun"));
    assertEquals(1, entries("quarantine-decided"));
    assertEquals(1, entries("quarantine-ended"));
    assertTrue(told("grant-adopted").containsAll(ids(moved)), "their marks' ends count");
    assertTrue(told("grant-adopted").contains(pickedUp), "its mark's end counts");
    assertEquals(due.getEpochSecond(), dueAt(moved.get(0).id()));
    Fleet.await("what ended is closed", PATIENCE, () -> allOver(gone) && isOver(givenBack));
    living.add(fleet.enter(Fleet.must(fleet.pickUp(second, bob, waiting))));
    Fleet.must(fleet.approve(second, ann, pending));
    givesAgain();
    Fleet.await("all that ends by now is over", PATIENCE, () -> allOver(ending));
    assertFalse(Trial.now().isBefore(soon), "and not before");
    assertEquals(0, Fleet.alive(ofEnding));
    assertAllLive();
    Fleet.must(fleet.giveBack(second, erin, pickedUp));
    Fleet.await("given back", PATIENCE, () -> isOver(pickedUp));
    living.removeIf(session -> !Fleet.isAlive(session)); // this one: all lived a moment ago
    System.out.printf(
        "faults: a store restored under %d grants, %d sessions of the living went on%n",
        given, living.size());
    trial.judge();
  }

  @Test
  @Order(2)
  void aStoreThatGoesBackUnderRunningNodesEndsNobodyByItsEnds() throws SQLException {
    trial = new Trial(fleet, bounds());
    Fleet.Person carl = fleet.person("engineering");
    Instant due = inMinutes(120);
    List<Fleet.Made> agreed = grants(due);
    List<Fleet.Made> moved = grants(due);
    List<Fleet.Made> over = grants(due);
    String pickedUp = active(first, carl, "t1");
    living.addAll(trial.enterAll(agreed));
    living.addAll(trial.enterAll(moved));
    Instant then = Trial.now();
    StoreBackup backup = StoreBackup.of(fleet.store);

    living.add(fleet.enter(Fleet.must(fleet.pickUp(first, carl, pickedUp))));
    List<Fleet.Made> lost = grants(due);
    living.addAll(trial.enterAll(lost));
    trial.judge();
    trial.end();

    // the server of the store dies, an older one is in its place, and at first no target answers
    Set<String> endedBefore = told("grant-ending");
    fleet.targets.values().forEach(Wire::refuse);
    fleet.toStore.forEach(Wire::refuse);
    backup.restore();
    endIsPast(ids(moved));
    endIsPast(List.of(pickedUp));
    markIsPast(over);
    trial = afterTheStoreWentBackTo(then);
    Instant back = Trial.now();
    fleet.toStore.forEach(Wire::pass);
    String why = awaitQuarantine(second).path("reasons").path(0).asText();
    Duration took = Duration.between(back, Trial.now());
    assertTrue(why.startsWith("a running node remembers entry"), why);
    for (Node node : fleet.nodes) {
      Fleet.await("it stands still", PATIENCE, () -> node.readiness().startsWith("503"));
      assertTrue(node.readiness().contains("quarantine"), node.readiness());
    }
    assertEquals(409, fleet.ask(first, fleet.person("engineering"), "t3", LONG).status());
    assertEquals(endedBefore, told("grant-ending"), "nothing was ended by the old store's ends");

    fleet.targets.values().forEach(Wire::pass);
    trial.observer.fault(then, Trial.now(), AFTER_START);
    awaitKind("NOT_IN_STORE", ids(lost));
    awaitKind("END_DIFFERS", ids(moved));
    Fleet.await("all targets are seen", PATIENCE, () -> notSeen().isEmpty());
    assertEquals("END_DIFFERS", kind(pickedUp));
    Fleet.await("over by its mark is ended", PATIENCE, () -> allOver(over));
    assertAllLive();
    assertEquals(ids(over), endedSince(endedBefore, List.of()), "nothing else was ended");

    Fleet.must(fleet.post(first, ada, "/quarantine/end", Map.of(), true));
    fleet.nodes.forEach(Node::awaitReady);
    givesAgain();
    assertAllLive();
    assertEquals(ids(over), endedSince(endedBefore, List.of()), "nothing else was ended");
    Fleet.must(fleet.giveBack(first, carl, pickedUp));
    Fleet.await("given back", PATIENCE, () -> isOver(pickedUp));
    System.out.printf(
        "faults: a store that went back under running nodes and %d grants: known after %s, %d"
            + " sessions of the living went on%n",
        given, took, living.size());
    trial.judge();
  }

  private static Bounds bounds() {
    return Bounds.ofTheDesign().withGrace(GRACE);
  }

  /** Who judged before read entries that the store does not have any more. */
  private Trial afterTheStoreWentBackTo(Instant then) {
    Observer observer = fleet.observer(bounds());
    observer.storeWentBack(then);
    observer.fault(then, Instant.MAX, AFTER_START);
    return new Trial(fleet, observer);
  }

  private List<Fleet.Made> grants(Instant due) throws SQLException {
    List<Fleet.Made> made = fleet.grants(targets, EACH, OPEN, due);
    given += made.size();
    return made;
  }

  /** Asked for and agreed to, and nobody picked it up. */
  private String active(Node node, Fleet.Person who, String target) {
    given++;
    Fleet.Answer[] asked = new Fleet.Answer[1];
    Fleet.await( // a target that was away is looked at again every few seconds
        "an ask for " + target,
        PATIENCE,
        () -> {
          asked[0] = fleet.ask(node, who, target, LONG);
          return asked[0].isGood();
        });
    String request = asked[0].text("id");
    Fleet.must(fleet.approve(node, ann, request));
    String grant = fleet.get(node, who, "/requests/" + request).text("grant");
    trial.awaitState("ACTIVE", List.of(grant), PATIENCE);
    return grant;
  }

  private void givesAgain() throws SQLException {
    for (Node node : fleet.nodes) {
      Fleet.Person who = fleet.person("engineering");
      String grant = active(node, who, "t2");
      living.add(fleet.enter(Fleet.must(fleet.pickUp(node, who, grant))));
    }
  }

  private void assertAllLive() {
    assertEquals(living.size(), Fleet.alive(living), "sessions of the living");
  }

  private void end(List<Fleet.Made> grants) {
    endIsPast(ids(grants));
    Fleet.await("they are over", PATIENCE, () -> allOver(grants));
  }

  /** As the store has it. */
  private void endIsPast(Collection<String> grants) {
    fleet.run(
        "update access_grant set due_at = clock_timestamp() - interval '1 min' where id in ('"
            + String.join("','", grants)
            + "')");
  }

  /** As time would have it: the ends that their marks name are over. */
  private void markIsPast(List<Fleet.Made> grants) {
    fleet.onServer(
        """
        do $do$ declare r record; begin
          for r in select oid, rolname from pg_roles where rolname in ('%s') loop
            execute format('comment on role %%I is %%L', r.rolname,
              regexp_replace(shobj_description(r.oid, 'pg_authid'),
                '"exp":"[^"]*"', '"exp":"2020-01-01T00:00:00Z"'));
          end loop;
        end $do$
        """
            .formatted(String.join("','", grants.stream().map(Fleet.Made::role).toList())));
  }

  /** Until the targets were told of more than that grant's pick-up. */
  private void targetsRemember(String grant) {
    Fleet.await(
        "the targets were told",
        PATIENCE,
        () -> {
          String n =
              fleet.text(
                  "select max(i.n)::text from audit_index i join audit_entry e on e.id = i.entry_id"
                      + " where e.kind = 'secret-shown' and e.grant_id = '"
                      + grant
                      + "'");
          String told =
              Fleet.text(
                  fleet.server,
                  "postgres",
                  "select shobj_description(oid, 'pg_authid')::json ->> 'n' from pg_roles"
                      + " where rolname = 'jit_f_witness'");
          return n != null && told != null && Long.parseLong(told) >= Long.parseLong(n);
        });
  }

  // what the API says of the quarantine

  private JsonNode awaitQuarantine(Node node) {
    Fleet.await("quarantine", PATIENCE, () -> quarantine(node).path("on").asBoolean());
    return quarantine(node);
  }

  private JsonNode quarantine(Node node) {
    return fleet.get(node, ada, "/quarantine").body();
  }

  private void revoke(String grant) {
    String finding = difference(quarantine(first), grant).path("id").asText();
    String path = "/quarantine/findings/" + finding;
    Fleet.must(fleet.post(first, ada, path, Map.of("choice", "REVOKE"), true));
  }

  private String notSeen() {
    List<String> all = new ArrayList<>();
    quarantine(first).path("notSeen").forEach(each -> all.add(each.asText()));
    return String.join(", ", all);
  }

  private void awaitKind(String kind, Set<String> grants) {
    Fleet.await(
        grants.size() + " are listed as " + kind,
        PATIENCE,
        () -> kinds(grants).equals(Set.of(kind)));
  }

  private Set<String> kinds(Set<String> grants) {
    JsonNode said = quarantine(first);
    Set<String> kinds = new TreeSet<>();
    grants.forEach(grant -> kinds.add(difference(said, grant).path("kind").asText()));
    return kinds;
  }

  private String kind(String grant) {
    return difference(quarantine(first), grant).path("kind").asText();
  }

  private static JsonNode difference(JsonNode said, String grant) {
    for (JsonNode each : said.path("differences")) {
      if (each.path("grant").asText().equals(grant)) {
        return each;
      }
    }
    return MissingNode.getInstance();
  }

  // what the history says

  private Set<String> endedSince(Set<String> before, List<Fleet.Made> butFor) {
    Set<String> ended = told("grant-ending");
    ended.removeAll(before);
    ended.removeAll(ids(butFor));
    return ended;
  }

  private Set<String> told(String kind) {
    String all =
        fleet.text(
            "select string_agg(distinct grant_id, ' ') from audit_entry where kind = '"
                + kind
                + "'");
    return all == null ? new TreeSet<>() : new TreeSet<>(Stream.of(all.split(" ")).toList());
  }

  private long entries(String kind) {
    return fleet.number("select count(*) from audit_entry where kind = '" + kind + "'");
  }

  private boolean allOver(List<Fleet.Made> grants) {
    return fleet.over(grants) == grants.size();
  }

  private boolean isOver(String grant) {
    return fleet.state(grant).equals("ENDED");
  }

  private long dueAt(String grant) {
    return fleet.number(
        "select floor(extract(epoch from due_at))::bigint from access_grant where id = '"
            + grant
            + "'");
  }

  private static List<Fleet.Made> seen(List<Fleet.Made> grants) {
    return grants.stream().filter(grant -> !grant.target().equals(HANGS)).toList();
  }

  private static List<Fleet.Made> hanging(List<Fleet.Made> grants) {
    return grants.stream().filter(grant -> grant.target().equals(HANGS)).toList();
  }

  private static Set<String> ids(List<Fleet.Made> grants) {
    return new TreeSet<>(grants.stream().map(Fleet.Made::id).toList());
  }

  private static Instant inMinutes(int minutes) {
    return Trial.now().plus(Duration.ofMinutes(minutes));
  }
}

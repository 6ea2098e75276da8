package dev.curfew.catalog;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.Clocks;
import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.Ids;
import dev.curfew.audit.Audit;
import dev.curfew.audit.Proven;
import dev.curfew.connector.Ask;
import dev.curfew.connector.Connectors;
import dev.curfew.identity.Caller;
import dev.curfew.identity.Scope;
import dev.curfew.identity.Session;
import dev.curfew.policy.Decision;
import dev.curfew.policy.Facts;
import dev.curfew.policy.Policies;
import dev.curfew.testing.Store;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** One story: a start without an accepted snapshot, an acceptance, an edit, a typo, a way back. */
@QuarkusTest
@WithTestResource(Store.class)
@WithTestResource(SnapshotsTest.Folders.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SnapshotsTest {

  /** A copy of the shipped folders that the test may edit; nothing is accepted by itself. */
  public static final class Folders implements QuarkusTestResourceLifecycleManager {

    static Path folder;

    @Override
    public Map<String, String> start() {
      try {
        folder = Files.createTempDirectory("curfew-packs");
        copy("connectors/postgresql/pack.yaml");
        copy("connectors/demo-orders/pack.yaml");
        copy("approvals/orders.yaml");
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
      return Map.of(
          "curfew.broker.id",
          "t",
          "curfew.packs.dirs",
          folder.resolve("connectors") + "," + folder.resolve("approvals"),
          "curfew.packs.reread",
          "1h",
          "CURFEW_TARGET_ORDERS_HOST",
          "localhost",
          "CURFEW_TARGET_ORDERS_PORT",
          "1");
    }

    private static void copy(String file) throws IOException {
      Files.createDirectories(folder.resolve(file).getParent());
      Files.copy(Path.of(file), folder.resolve(file));
    }

    @Override
    public void stop() {
      // the folder is in the machine's temporary one
    }
  }

  private static final Proven PROOF = new Proven("code, not bound", "proof-4711");
  private static final Caller ADMIN =
      new Caller(
          Ids.next(),
          "Ada",
          Set.of("administrators"),
          new Session(Session.Kind.PAGE, "s"),
          Set.of(Scope.values()),
          "");

  private static String first;

  @Inject Snapshots snapshots;
  @Inject Catalog catalog;
  @Inject Policies policies;
  @Inject Installation installation;
  @Inject DataSource store;
  @Inject Connectors connectors;
  @Inject TargetsSettings settings;
  @Inject Clocks clocks;
  @Inject Audit audit;
  @Inject TargetServers servers;

  @Test
  @Order(1)
  void untilSomethingIsAcceptedNothingCanBeAskedFor() {
    assertEquals(List.of(), snapshots.problems());
    CurfewException refused = assertThrows(CurfewException.class, () -> catalog.offers());
    assertEquals(Fault.REVOKE_ONLY, refused.fault());
    assertEquals(List.of(), catalog.targets());
    assertEquals(1, snapshots.proposals().size());
    assertEquals(1, snapshots.objections().size());
  }

  @Test
  @Order(2)
  void theInstallationHasAnIdOfItsOwn() {
    assertTrue(Ids.isId(installation.id()));
    assertEquals("t", installation.broker());
  }

  @Test
  @Order(3)
  void anAcceptedProposalIsInForce() {
    first = snapshots.proposals().get(0).digest();
    assertEquals(3, snapshots.diff(first).size());
    accept(first);
    assertEquals(first, catalog.digest());
    assertEquals(first, snapshots.accepted().orElseThrow().digest());
    assertEquals(List.of(), snapshots.proposals());
    assertEquals(
        List.of("orders-db/read-only", "orders-db/read-write", "orders-db/migration"),
        catalog.offers().stream().map(Offer::id).toList());
    Ask ask = catalog.ask("orders-db/read-only", Ids.next());
    assertEquals(first, ask.snapshot());
    assertEquals("orders_read", ask.entitlement().settings().get("role"));
    assertEquals(
        List.of("orders-db/migration"),
        catalog.search("SCHEMA owner", null).stream().map(Offer::id).toList());
    assertEquals(2, catalog.search(null, "write").size());
  }

  @Test
  @Order(4)
  void theRulesOfTheSnapshotDecide() {
    assertEquals("two approvers of dba-oncall, because the window is longer than 2 h", words());
  }

  @Test
  @Order(5)
  void aTargetThatDoesNotAnswerIsClosedAndItsOfferSaysItWasNotRead() {
    catalog.refresh("orders-db");
    assertTrue(catalog.closed("orders-db").isPresent());
    Offer offer = catalog.offer("orders-db/read-only").orElseThrow();
    assertTrue(offer.readAt().isEmpty());
    assertFalse(offer.refusals().isEmpty());
    assertEquals("G2", offer.guarantee());
    assertFalse(catalog.targets().get(0).isOpen());
    assertEquals(1, count("select count(*) from audit_entry where kind = 'target-closed'"));
  }

  @Test
  @Order(5)
  void anotherNodeThatSeesTheSameTellsNothing() {
    TargetHealth otherNode = new TargetHealth(connectors, settings, clocks, audit, servers);
    Pack.Site site = snapshots.usable().orElseThrow().sites().get("orders-db");
    otherNode.look(site);
    otherNode.look(site);
    assertTrue(otherNode.of(site).flatMap(TargetHealth.Seen::fatal).isPresent());
    catalog.refresh("orders-db");
    assertEquals(1, count("select count(*) from audit_entry where kind = 'target-closed'"));
  }

  @Test
  @Order(6)
  void anEditIsAProposalAndNothingMore() throws IOException {
    edit("duration(\"2h\")", "duration(\"1h\")");
    edit("longer than 2 h", "longer than 1 h");
    snapshots.reread();
    assertEquals(first, catalog.digest());
    SnapshotView proposal = snapshots.proposals().get(0);
    List<Change> changes = snapshots.diff(proposal.digest());
    assertEquals("approvals/orders.yaml", changes.get(0).file());
    assertTrue(changes.get(0).lines().contains("+    because: the window is longer than 1 h"));
    assertEquals(3, snapshots.touched(proposal.digest()).size());
    accept(proposal.digest());
    assertEquals("two approvers of dba-oncall, because the window is longer than 1 h", words());
  }

  @Test
  @Order(7)
  void aTypoIsToldAndTheLastGoodStaysInForce() throws IOException {
    String before = catalog.digest();
    edit("window > duration", "widnow > duration");
    snapshots.reread();
    assertTrue(snapshots.problems().get(0).toString().contains("did you mean `window`?"));
    assertEquals(List.of(), snapshots.proposals());
    assertEquals(before, catalog.digest());
    edit("widnow > duration", "window > duration");
    snapshots.reread();
    assertEquals(List.of(), snapshots.problems());
  }

  @Test
  @Order(8)
  void goingBackIsAnAcceptanceToo() {
    accept(first);
    assertEquals(first, catalog.digest());
    assertEquals(3, snapshots.history().size());
    CurfewException again = assertThrows(CurfewException.class, () -> accept(first));
    assertEquals(Fault.WRONG_STATE, again.fault());
    assertThrows(CurfewException.class, () -> accept("0".repeat(64)));
    assertEquals(3, count("select count(*) from audit_entry where kind = 'snapshot-accepted'"));
  }

  @Test
  @Order(9)
  void statementsOutliveTheirPack() {
    assertTrue(catalog.engine("postgresql").isPresent());
    assertTrue(catalog.engine("oracle").isEmpty());
  }

  @Test
  @Order(10)
  void theStoreRefusesToChangeWhatWasAccepted() {
    assertThrows(SQLException.class, () -> sql("update snapshot_file set content = 'x'"));
    assertThrows(SQLException.class, () -> sql("delete from snapshot_acceptance"));
    assertThrows(SQLException.class, () -> sql("delete from snapshot"));
    assertThrows(SQLException.class, () -> sql("update installation set id = 'x'"));
  }

  @Test
  @Order(11)
  void schemasArePublished() {
    for (String name : List.of("pack", "rules")) {
      RestAssured.get("/schema/" + name + ".schema.json").then().statusCode(200);
    }
  }

  private void accept(String digest) {
    QuarkusTransaction.requiringNew().run(() -> snapshots.accept(ADMIN, digest, PROOF));
    await().atMost(Duration.ofSeconds(5)).until(() -> catalog.digest().equals(digest));
  }

  private String words() {
    Offer offer = catalog.offer("orders-db/read-only").orElseThrow();
    Facts facts =
        Facts.of("p", Set.of("engineering"), offer, Duration.ofHours(3), "", Instant.EPOCH);
    return ((Decision.Ask) policies.current().decide(facts)).stages().get(0).words();
  }

  private static void edit(String what, String by) throws IOException {
    Path file = Folders.folder.resolve("approvals/orders.yaml");
    Files.writeString(file, Files.readString(file).replace(what, by));
  }

  private int count(String query) {
    try (Connection connection = store.getConnection();
        Statement statement = connection.createStatement();
        var rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getInt(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private void sql(String text) throws SQLException {
    try (Connection connection = store.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(text);
    }
  }
}

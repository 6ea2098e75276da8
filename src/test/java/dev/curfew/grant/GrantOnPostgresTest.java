package dev.curfew.grant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.connector.sql.OrdersServer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The same life on a real PostgreSQL: real logins, real sessions, really gone. */
@QuarkusTest
@TestProfile(OnPaper.class)
class GrantOnPostgresTest {

  private final Bench bench;
  private final Reconciler reconciler;

  GrantOnPostgresTest(Bench bench, Reconciler reconciler) {
    this.bench = bench;
    this.reconciler = reconciler;
  }

  @BeforeEach
  void clear() {
    bench.clear();
  }

  @Test
  void aSessionOpenedWithTheSecretIsDeadWhenTheWindowIsOver() throws SQLException {
    String id = active();
    try (Connection session = enter(bench.pickUp(id))) {
      assertEquals(100, orders(session));

      bench.makeDue(id);
      bench.workOnce();

      assertThrows(SQLException.class, () -> orders(session));
    }
    GrantView over = bench.view(id);
    assertEquals(GrantState.ENDED, over.state());
    assertEquals(EndReason.EXPIRED, over.endReason());
    assertFalse(over.proof().isEmpty());
    assertFalse(OrdersServer.exists(role(id)));
  }

  @Test
  void aSecretAskedForAgainReplacesTheFirst() throws SQLException {
    String id = active();
    Handover first = bench.pickUp(id);
    Handover second = bench.pickUp(id);
    assertThrows(SQLException.class, () -> enter(first));
    enter(second).close();
  }

  @Test
  void aRoleThatComesBackWithARestoredTargetIsTakenAwayAgain() {
    String id = active();
    bench.pickUp(id);
    String role = role(id);
    String mark =
        OrdersServer.ask("select shobj_description('" + role + "'::regrole, 'pg_authid')").get(0);
    bench.giveBack(id);
    bench.workOnce();
    assertFalse(OrdersServer.exists(role));

    OrdersServer.admin(
        "create role " + role + " login password 'from the backup'",
        "comment on role " + role + " is '" + mark.replace("'", "''") + "'",
        "grant orders_ro to " + role,
        "grant " + role + " to cf_broker with admin option");
    reconciler.reconcile(OrdersServer.target());
    assertEquals(GrantState.REVOKING, bench.state(id));
    assertTrue(bench.view(id).aliveAgain());

    bench.workOnce();
    assertEquals(GrantState.ENDED, bench.state(id), bench.view(id)::problem);
    assertEquals(EndReason.GIVEN_BACK, bench.view(id).endReason());
    assertFalse(OrdersServer.exists(role));
  }

  @Test
  void aRoleThatSomebodyDroppedIsDrift() {
    String id = active();
    OrdersServer.admin("drop role " + role(id));
    reconciler.reconcile(OrdersServer.target());
    bench.workOnce();
    assertEquals(GrantState.ENDED, bench.state(id));
    assertEquals(EndReason.DRIFT, bench.view(id).endReason());
  }

  @Test
  void aRoleOfAForgottenGrantIsAnOrphanThatIsTakenAway() {
    String id = active();
    String role = role(id);
    bench.sql("truncate access_grant, grant_fact");
    reconciler.reconcile(OrdersServer.target());
    assertTrue(OrdersServer.exists(role));
    reconciler.release(Bench.ADMIN, found(role).orElseThrow().id(), Bench.PROOF);
    reconciler.reconcile(OrdersServer.target());
    assertFalse(OrdersServer.exists(role));
    assertTrue(found(role).isEmpty());
  }

  private Optional<FindingView> found(String role) {
    return reconciler.findings().stream().filter(each -> each.name().equals(role)).findFirst();
  }

  private String active() {
    String id = bench.plannedOnPostgres();
    bench.workOnce();
    assertEquals(GrantState.ACTIVE, bench.state(id), bench.view(id)::problem);
    return id;
  }

  private static String role(String id) {
    return "jit_" + OnPaper.ThisInstallation.BROKER + "_" + id;
  }

  private static Connection enter(Handover handover) throws SQLException {
    return DriverManager.getConnection(
        line(handover, "jdbc"), line(handover, "user"), line(handover, "password"));
  }

  private static int orders(Connection session) throws SQLException {
    try (Statement statement = session.createStatement();
        var rows = statement.executeQuery("select count(*) from shop.customers")) {
      rows.next();
      return rows.getInt(1);
    }
  }

  private static String line(Handover handover, String name) {
    return handover.lines().stream()
        .filter(line -> line.name().equals(name))
        .findFirst()
        .orElseThrow()
        .value();
  }
}

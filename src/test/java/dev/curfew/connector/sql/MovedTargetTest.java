package dev.curfew.connector.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.curfew.connector.Endpoint;
import dev.curfew.connector.Handle;
import dev.curfew.connector.Target;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MovedTargetTest {

  private final SqlConnector connector =
      new SqlConnector(
          PostgresTarget.pack(), reference -> new char[0], SqlConnector.Transport.VERIFIED);

  @Test
  void whatWasGivenIsRevokedWhereItsServerIsNowAndByTodaysSecret() {
    Handle today = connector.today(frozen("7001"), moved("7001"));
    assertEquals("db2", today.facts().get(Server.HOST));
    assertEquals("5433", today.facts().get(Server.PORT));
    assertEquals("file:orders", today.facts().get(Server.SECRET));
    assertEquals("jit_b1_g", today.facts().get("role"));
  }

  @Test
  void aStandbyThatTookItsPrimarysPlaceIsNoStandbyAnyMore() {
    Target before =
        new Target(
            "orders-db",
            "postgresql",
            new Endpoint("db1", 5432),
            new Endpoint("db1", 5432),
            Map.of(
                "user",
                "cf_broker",
                "secret",
                "env:ORDERS",
                "ca",
                "old.pem",
                "standby.replica1",
                "db2:5433",
                "standby.replica2",
                "db3:5432"));
    Map<String, String> facts = new HashMap<>();
    Server.of(before.on("7001")).write(facts);
    Map<String, String> today =
        connector.today(new Handle("postgresql", "g", facts), moved("7001")).facts();
    assertEquals("db3:5432", today.get("standby.replica2"));
    assertFalse(today.containsKey("standby.replica1"));
    assertFalse(today.containsKey(Server.CA), "which the pack does not name any more");
  }

  @Test
  void whatWasGivenOnAnotherServerStaysWhereItWas() {
    Handle frozen = frozen("7001");
    assertEquals(frozen, connector.today(frozen, moved("7002")));
  }

  @Test
  void whatHasNoKnownServerStaysWhereItWas() {
    Handle frozen = new Handle("postgresql", "g", Map.of(Server.HOST, "db1"));
    assertEquals(frozen, connector.today(frozen, moved("7001")));
    assertEquals(frozen, connector.today(frozen, target("db2", 5433, "file:orders")));
  }

  private static Handle frozen(String server) {
    Map<String, String> facts = new HashMap<>(Map.of("role", "jit_b1_g"));
    Server.of(target("db1", 5432, "env:ORDERS").on(server)).write(facts);
    return new Handle("postgresql", "g", facts);
  }

  private static Target moved(String server) {
    return target("db2", 5433, "file:orders").on(server);
  }

  private static Target target(String host, int port, String secret) {
    Endpoint at = new Endpoint(host, port);
    return new Target(
        "orders-db", "postgresql", at, at, Map.of("user", "cf_broker", "secret", secret));
  }
}

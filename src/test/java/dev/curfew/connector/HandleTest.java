package dev.curfew.connector;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;

class HandleTest {

  @Test
  void aStandbyDeclaredLaterCountsAndOneThatLeftThePackIsNotForgotten() {
    Handle frozen =
        new Handle(
            "postgresql",
            "g1",
            Map.of("role", "jit", "standby.old", "old:5432", "standby.moved", "here:5432"));
    Target today =
        new Target(
            "orders-db",
            "postgresql",
            new Endpoint("db", 5432),
            new Endpoint("db", 5432),
            Map.of("user", "u", "standby.moved", "unreachable", "standby.new", "new:5432"));
    assertEquals(
        Map.of(
            "role", "jit",
            "standby.old", "old:5432",
            "standby.moved", "unreachable",
            "standby.new", "new:5432"),
        frozen.withStandbysOf(today).facts());
  }
}

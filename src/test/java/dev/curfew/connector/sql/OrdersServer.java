package dev.curfew.connector.sql;

import dev.curfew.connector.Connector;
import dev.curfew.connector.Entitlement;
import dev.curfew.connector.Target;
import java.util.List;

/** The prepared PostgreSQL 17, for tests of what stands above the connector. */
public final class OrdersServer {

  public static final String KIND = "postgresql";

  private OrdersServer() {}

  public static Connector connector() {
    return PostgresTarget.of(17).quickConnector();
  }

  public static Target target() {
    return PostgresTarget.of(17).target();
  }

  public static Entitlement readOnly() {
    return PostgresTarget.entitlement("orders_ro", "orders", "member");
  }

  public static boolean exists(String role) {
    return PostgresTarget.of(17).exists(role);
  }

  /** As superuser. */
  public static void admin(String... statements) {
    PostgresTarget.of(17).admin("postgres", statements);
  }

  public static List<String> ask(String query) {
    return PostgresTarget.of(17).ask("postgres", query);
  }
}

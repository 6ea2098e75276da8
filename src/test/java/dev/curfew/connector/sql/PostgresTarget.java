package dev.curfew.connector.sql;

import dev.curfew.boot.Postgres;
import dev.curfew.boot.SqlScript;
import dev.curfew.connector.Ask;
import dev.curfew.connector.Endpoint;
import dev.curfew.connector.Entitlement;
import dev.curfew.connector.Secret;
import dev.curfew.connector.Target;
import dev.curfew.testing.Servers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * A real server prepared by the very scripts that operators run, with a database {@code orders},
 * groups to give, and a log that holds every statement. One per version and test process.
 */
final class PostgresTarget {

  static final String BROKER = "cf_broker";
  static final String BROKER_ID = "b1";
  static final String INSTALLATION = "inst0123456789";
  static final String SNAPSHOT = "digest0123";

  private static final Path PACK = Path.of("connectors", "postgresql");
  private static final Map<Integer, PostgresTarget> BY_VERSION = new HashMap<>();

  final Postgres server;
  final char[] brokerPassword = Scram.password();
  private final int version;

  private PostgresTarget(int version) {
    this.version = version;
    this.server =
        Servers.own(
            version,
            Map.of(
                "log_statement",
                "all",
                "log_min_error_statement",
                "debug5",
                "max_locks_per_transaction",
                "10"));
    prepare();
  }

  static synchronized PostgresTarget of(int version) {
    if (version == 15) {
      Servers.requirePg15();
    }
    return BY_VERSION.computeIfAbsent(version, PostgresTarget::new);
  }

  /** One of the caller's own, to be closed. */
  static PostgresTarget another(int version) {
    return new PostgresTarget(version);
  }

  private void prepare() {
    admin(
        "postgres",
        "CREATE DATABASE orders",
        "CREATE ROLE orders_ro NOLOGIN",
        "CREATE ROLE orders_rw NOLOGIN",
        "CREATE ROLE orders_owner NOLOGIN");
    admin(
        "orders",
        "CREATE SCHEMA shop AUTHORIZATION orders_owner",
        "CREATE TABLE shop.customers (id int primary key, name text)",
        "CREATE TABLE shop.orders (id int primary key, customer int, amount numeric)",
        "INSERT INTO shop.customers SELECT i, 'name ' || i FROM generate_series(1, 100) i",
        "ALTER TABLE shop.customers OWNER TO orders_owner",
        "ALTER TABLE shop.orders OWNER TO orders_owner",
        "GRANT USAGE ON SCHEMA shop TO orders_ro, orders_rw",
        "GRANT SELECT ON ALL TABLES IN SCHEMA shop TO orders_ro, orders_rw",
        "GRANT INSERT, UPDATE, DELETE ON shop.orders TO orders_rw",
        "CREATE SCHEMA scratch",
        "GRANT USAGE, CREATE ON SCHEMA scratch TO orders_ro, orders_owner");
    script("postgres", "setup.sql", Map.of("broker", BROKER, "maintenance", "curfew_maintenance"));
    admin(
        "postgres", "ALTER ROLE " + BROKER + " PASSWORD '" + Scram.verifier(brokerPassword) + "'");
    for (String group : List.of("orders_ro", "orders_rw", "orders_owner")) {
      allow("orders", group);
    }
    script("orders", "close-public.sql", Map.of("database", "orders"));
    script("postgres", "close-public.sql", Map.of("database", "postgres"));
  }

  void allow(String database, String group) {
    script("postgres", "allow.sql", Map.of("broker", BROKER, "database", database, "group", group));
  }

  void script(String database, String file, Map<String, String> variables) {
    try (Connection connection = server.connect(database)) {
      SqlScript.run(connection, Files.readString(PACK.resolve(file)), variables);
    } catch (SQLException | IOException e) {
      throw new IllegalStateException(file + ": " + e.getMessage(), e);
    }
  }

  static SqlPack pack() {
    try {
      Yaml yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
      Map<String, Object> document = yaml.load(Files.readString(PACK.resolve("pack.yaml")));
      return SqlPack.of(document);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  SqlConnector connector() {
    return new SqlConnector(
        pack(), reference -> brokerPassword.clone(), SqlConnector.Transport.LOOPBACK_DEMO);
  }

  /** The same, in a hurry: it looks for late sessions soon after the first look. */
  SqlConnector quickConnector() {
    return new SqlConnector(
        pack(),
        reference -> brokerPassword.clone(),
        SqlConnector.Transport.LOOPBACK_DEMO,
        Duration.ofMillis(200));
  }

  Target target() {
    return target(server.port());
  }

  Target target(int port) {
    Endpoint endpoint = new Endpoint("127.0.0.1", port);
    return new Target(
            "orders-db",
            "postgresql",
            endpoint,
            endpoint,
            Map.of("user", BROKER, "secret", "env:CURFEW_SECRET_ORDERS", "sslmode", "disable"))
        .on(system());
  }

  /** The same, with these standbys: a name, and a port on loopback, or -1 for out of reach. */
  Target target(Map<String, Integer> standbys) {
    Map<String, String> settings = new HashMap<>(target().settings());
    standbys.forEach(
        (name, port) ->
            settings.put(
                Target.STANDBY + name, port < 0 ? Target.UNREACHABLE : "127.0.0.1:" + port));
    return new Target(
        target().id(), target().kind(), target().admin(), target().connect(), settings);
  }

  private String system() {
    return ask("postgres", "SELECT system_identifier FROM pg_control_system()").get(0);
  }

  static Entitlement entitlement(String group, String database, String level) {
    return new Entitlement(
        "orders-db/" + group, Map.of("role", group, "database", database, "level", level));
  }

  Ask ask(String grant, Entitlement entitlement) {
    return new Ask(grant, BROKER_ID, INSTALLATION, target(), entitlement, SNAPSHOT);
  }

  Ask readOnly(String grant) {
    return ask(grant, entitlement("orders_ro", "orders", "member"));
  }

  Ask owner(String grant) {
    return ask(grant, entitlement("orders_owner", "orders", "owner"));
  }

  /** As superuser. */
  void admin(String database, String... statements) {
    try (Connection connection = server.connect(database)) {
      run(connection, statements);
    } catch (SQLException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  List<String> ask(String database, String query) {
    try (Connection connection = server.connect(database)) {
      return read(connection, query);
    } catch (SQLException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  static void run(Connection connection, String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  static List<String> read(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      List<String> all = new ArrayList<>();
      while (rows.next()) {
        all.add(rows.getString(1));
      }
      return all;
    }
  }

  /** As the person would, with the lines that were handed out. */
  static Connection enter(Secret secret) throws SQLException {
    return DriverManager.getConnection(
        line(secret, "jdbc"), line(secret, "user"), line(secret, "password"));
  }

  static String line(Secret secret, String name) {
    return secret.lines().stream()
        .filter(line -> line.name().equals(name))
        .map(line -> new String(line.value()))
        .findFirst()
        .orElseThrow();
  }

  static boolean isAlive(Connection connection) {
    try {
      run(connection, "select 1");
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  boolean exists(String role) {
    return !ask("postgres", "SELECT 1 FROM pg_roles WHERE rolname = '" + role + "'").isEmpty();
  }

  String log() {
    try {
      return Files.readString(server.folder().resolve("server.log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int version() {
    return version;
  }
}

package dev.curfew.boot;

import dev.curfew.connector.sql.Scram;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The start without a datasource: two PostgreSQL servers of our own. One holds the store, the other
 * is the target {@code orders}: a grantee may connect to every database of a server, so never to
 * the one that holds the store.
 */
final class Demo implements AutoCloseable {

  static final String STORE = "curfew";
  private static final String ORDERS = "orders";
  private static final String BROKER = "curfew_broker";

  /** Settings of the demo that nobody may change: it is on loopback, on servers of its own. */
  static final Set<String> DECIDES =
      Set.of(
          "curfew.demo",
          EarlyConfig.DATASOURCE,
          "quarkus.datasource.username",
          "quarkus.datasource.password",
          "quarkus.http.host",
          "quarkus.http.port",
          "quarkus.management.host",
          "CURFEW_TARGET_ORDERS_HOST",
          "CURFEW_TARGET_ORDERS_PORT");

  private final Path data;
  private final Postgres store;
  private final Postgres target;

  private Demo(Path data, Postgres store, Postgres target) {
    this.data = data;
    this.store = store;
    this.target = target;
  }

  /** Both servers, running and filled. */
  static Demo start(Path folder) {
    Path data = privateFolder(folder);
    Path bin = PostgresBinaries.unpack(data.resolve("postgresql"));
    Postgres store = new Postgres(data.resolve("store"), bin, Map.of("shared_buffers", "64MB"));
    Postgres target =
        new Postgres(
            data.resolve("target"),
            bin,
            Map.of("shared_buffers", "32MB", "max_prepared_transactions", "5"));
    Demo demo = new Demo(data, store, target);
    try {
      together(demo::startStore, demo::startTarget);
    } catch (RuntimeException e) {
      demo.close();
      throw e;
    }
    return demo;
  }

  /** What the running broker must know; a value that somebody set is left to them. */
  Map<String, String> settings(int httpPort) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("curfew.demo", "on");
    settings.put(EarlyConfig.DATASOURCE, store.url(STORE));
    settings.put("quarkus.datasource.username", STORE);
    settings.put("quarkus.datasource.password", PrivateFile.read(storePassword()));
    settings.put("quarkus.http.host", "127.0.0.1");
    settings.put("quarkus.http.port", Integer.toString(httpPort));
    settings.put("quarkus.management.host", "127.0.0.1");
    settings.put("quarkus.log.console.json.enabled", "false");
    settings.put("curfew.base-url", "http://localhost:" + httpPort);
    settings.put("curfew.broker.id", "d");
    settings.put("curfew.packs.dirs", packs());
    settings.put("curfew.secrets.dir", secrets().toString());
    settings.put("CURFEW_TARGET_ORDERS_HOST", "localhost");
    settings.put("CURFEW_TARGET_ORDERS_PORT", Integer.toString(target.port()));
    settings.put("curfew.targets.unencrypted-loopback", "true");
    settings.put("curfew.mfa.admin-accept-code", "true");
    return settings;
  }

  /** The server that holds {@code orders-db}. */
  Postgres target() {
    return target;
  }

  @Override
  public void close() {
    together(store::stop, target::stop);
  }

  private void startStore() {
    store.start();
    if (isMissing(store, "postgres", "select from pg_roles where rolname = ?", STORE)) {
      execute(store, "postgres", "create role " + STORE + " login");
    }
    String password = PrivateFile.secret(storePassword());
    password(store, STORE, password);
    store.createDatabase(STORE);
    execute(store, "postgres", "alter database " + STORE + " owner to " + STORE);
  }

  /** Everything here may run twice: a start that was cut off is made whole by the next. */
  private void startTarget() {
    target.start();
    target.createDatabase(ORDERS);
    if (isMissing(target, ORDERS, "select from pg_class where relname = ?", "order_lines")) {
      execute(target, ORDERS, resource("demo/orders.sql"));
    }
    Map<String, String> broker = Map.of("broker", BROKER, "maintenance", "curfew_maintenance");
    script("postgres", "setup.sql", broker);
    for (String group : List.of("orders_read", "orders_write", "orders_owner")) {
      script("postgres", "allow.sql", Map.of("broker", BROKER, "database", ORDERS, "group", group));
    }
    script(ORDERS, "close-public.sql", Map.of("database", ORDERS));
    script("postgres", "close-public.sql", Map.of("database", "postgres"));
    String password = PrivateFile.secret(secrets().resolve("orders-db"));
    password(target, BROKER, password);
  }

  /** As a verifier: what a server logs of its statements then opens nothing. */
  private static void password(Postgres server, String role, String password) {
    String verifier = Scram.verifier(password.toCharArray());
    execute(server, "postgres", "alter role " + role + " password '" + verifier + "'");
  }

  private void script(String database, String name, Map<String, String> variables) {
    try (Connection connection = target.connect(database)) {
      SqlScript.run(connection, Shipped.text("connectors/postgresql/" + name), variables);
    } catch (SQLException e) {
      throw new IllegalStateException(name + ": " + e.getMessage(), e);
    }
  }

  /** The packs of the folder we stand in, as in a checkout, else those inside the jar. */
  private String packs() {
    if (Files.exists(Path.of("connectors", "demo-orders", "pack.yaml"))
        && Files.isDirectory(Path.of("approvals"))) {
      return "connectors,approvals";
    }
    Path packs = data.resolve("packs");
    Shipped.copy("connectors", packs.resolve("connectors"));
    Shipped.copy("approvals", packs.resolve("approvals"));
    return packs.resolve("connectors") + "," + packs.resolve("approvals");
  }

  private Path storePassword() {
    return data.resolve("store-password");
  }

  private Path secrets() {
    return data.resolve("secrets");
  }

  private static boolean isMissing(Postgres server, String database, String sql, String name) {
    try (Connection connection = server.connect(database);
        PreparedStatement query = connection.prepareStatement(sql)) {
      query.setString(1, name);
      return !query.executeQuery().next();
    } catch (SQLException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  private static void execute(Postgres server, String database, String sql) {
    try (Connection connection = server.connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  static String resource(String name) {
    try (InputStream in = Demo.class.getClassLoader().getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path privateFolder(Path folder) {
    try {
      Path whole = folder.toAbsolutePath().normalize();
      Files.createDirectories(whole);
      Files.setPosixFilePermissions(whole, PosixFilePermissions.fromString("rwx------"));
      return whole;
    } catch (FileAlreadyExistsException e) {
      throw new UncheckedIOException(
          e.getFile() + " is a file; name a folder as curfew.data.dir", e);
    } catch (IOException e) {
      throw new UncheckedIOException(
          folder
              + " cannot be made or written by this user; name another folder as curfew.data.dir",
          e);
    }
  }

  private static void together(Runnable one, Runnable other) {
    CompletableFuture<Void> aside = CompletableFuture.runAsync(other);
    try {
      one.run();
      aside.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    } finally {
      aside.exceptionally(e -> null).join();
    }
  }
}

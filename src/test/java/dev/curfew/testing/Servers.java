package dev.curfew.testing;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.curfew.boot.Postgres;
import dev.curfew.boot.PostgresBinaries;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Real PostgreSQL servers for tests, below {@code target/servers}. The shared ones start once per
 * test process and end with it; make a database of your own in them. Who wants to stop or crash a
 * server makes one with {@link #own}.
 */
public final class Servers {

  private static final Path HOME = Path.of("target", "servers").toAbsolutePath();
  private static final Path DEBIAN_15 = Path.of("/usr/lib/postgresql/15/bin");
  private static final AtomicInteger COUNT = new AtomicInteger();

  /**
   * What the servers of tests differ in: small, quick to make, and able to prepare transactions.
   */
  private static final Map<String, String> SETTINGS =
      Map.of(
          "max_prepared_transactions", "10",
          "max_connections", "200",
          "shared_buffers", "32MB",
          "fsync", "off");

  /** A server that other tests of this process use as well. */
  public record Shared(int version, String host, int port, String user, String password) {

    public String url(String database) {
      return "jdbc:postgresql://" + host + ":" + port + "/" + database;
    }

    /** As superuser. */
    public Connection connect(String database) throws SQLException {
      return connect(database, user, password);
    }

    public Connection connect(String database, String asUser, String withPassword)
        throws SQLException {
      return DriverManager.getConnection(url(database), asUser, withPassword);
    }

    /** A new, empty database; answers its name. */
    public String createDatabase(String prefix) {
      String name = prefix + "_" + ProcessHandle.current().pid() + "_" + System.nanoTime();
      execute("postgres", "create database " + name);
      return name;
    }

    /** Statements as superuser. */
    public void execute(String database, String... statements) {
      try (Connection connection = connect(database);
          Statement statement = connection.createStatement()) {
        for (String sql : statements) {
          statement.execute(sql);
        }
      } catch (SQLException e) {
        throw new IllegalStateException(e.getMessage(), e);
      }
    }
  }

  private Servers() {}

  /** The PostgreSQL 17 that all tests of this process share. */
  public static Shared pg17() {
    return shared(17);
  }

  /** The same for 15; the test is skipped where it is missing and not required. */
  public static Shared pg15() {
    requirePg15();
    return shared(15);
  }

  /** Skips the test, or fails it where {@code -Dcurfew.pg15=required}. */
  public static void requirePg15() {
    if (Files.isDirectory(DEBIAN_15)) {
      return;
    }
    String text = "PostgreSQL 15 is not in " + DEBIAN_15 + " (Debian: apt install postgresql-15)";
    if ("required".equals(System.getProperty("curfew.pg15"))) {
      fail(text);
    }
    System.out.println("skipped: " + text);
    abort(text);
  }

  /** A started server of the caller's own (15 or 17), to stop, start and crash; close it. */
  public static Postgres own(int version, Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(SETTINGS);
    all.putAll(settings);
    Path folder = freshFolder(version);
    copyMade(version, folder);
    Postgres server = new Postgres(folder, bin(version), all);
    atExit(server);
    return server.start();
  }

  /** The same, and no copy of any other: with a system identifier of its own. */
  public static Postgres fresh(int version, Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(SETTINGS);
    all.putAll(settings);
    Postgres server = new Postgres(freshFolder(version), bin(version), all);
    atExit(server);
    return server.start();
  }

  /** A copy of a server that is stopped, on a port of its own, not started yet. */
  public static Postgres copyOf(Postgres stopped, int version, Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(SETTINGS);
    all.putAll(settings);
    Path folder = freshFolder(version);
    try {
      Files.createDirectories(folder);
      for (String part : List.of("pgdata", "password")) {
        copy(stopped.folder().resolve(part), folder.resolve(part));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Postgres server = new Postgres(folder, bin(version), all);
    atExit(server);
    return server;
  }

  /**
   * A started standby of a server of the caller's own, which calls itself by that name; close it.
   */
  public static Postgres standby(int version, Postgres primary, String name) {
    Map<String, String> all = new HashMap<>(SETTINGS);
    all.put(
        "primary_conninfo",
        "host=127.0.0.1 port=%d user=%s password=%s application_name=%s"
            .formatted(primary.port(), Postgres.SUPERUSER, primary.superuserPassword(), name));
    Path folder = freshFolder(version);
    try {
      Files.createDirectories(folder);
      copy(primary.folder().resolve("password"), folder.resolve("password"));
      ProcessBuilder backup =
          new ProcessBuilder(
                  bin(version).resolve("pg_basebackup").toString(),
                  "--pgdata=" + folder.resolve("pgdata"),
                  "--host=127.0.0.1",
                  "--port=" + primary.port(),
                  "--username=" + Postgres.SUPERUSER,
                  "--checkpoint=fast")
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("backup.log").toFile());
      backup.environment().put("PGPASSWORD", primary.superuserPassword());
      if (backup.start().waitFor() != 0) {
        throw new IllegalStateException(Files.readString(folder.resolve("backup.log")));
      }
      Files.createFile(folder.resolve("pgdata/standby.signal"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    Postgres server = new Postgres(folder, bin(version), all);
    atExit(server);
    return server.start();
  }

  /**
   * A demo's folder gets the programs that this build has unpacked before, instead of unpacking its
   * own.
   */
  public static void lendPrograms(Path data) {
    bin(17);
    try {
      Files.createDirectories(data);
      Files.createSymbolicLink(data.resolve("postgresql"), HOME);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Puts the data of a server that was made, and stopped, once per test process. */
  private static void copyMade(int version, Path folder) {
    String key = "curfew.test.made" + version;
    synchronized (System.getProperties()) {
      if (System.getProperty(key) == null) {
        Postgres made = new Postgres(freshFolder(version), bin(version), SETTINGS);
        atExit(made);
        made.start().stop();
        System.setProperty(key, made.folder().toString());
      }
    }
    Path made = Path.of(System.getProperty(key));
    try {
      Files.createDirectories(folder);
      for (String part : List.of("pgdata", "password")) {
        copy(made.resolve(part), folder.resolve(part));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path each : all.toList()) {
        Files.copy(each, to.resolve(from.relativize(each)), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  /** The folder with the programs of that version. */
  public static Path bin(int version) {
    return version == 15 ? DEBIAN_15 : PostgresBinaries.unpack(HOME);
  }

  /**
   * The server is known by system properties, since test classes and test resources may be loaded
   * by several class loaders of one process.
   */
  private static Shared shared(int version) {
    String key = "curfew.test.postgresql" + version;
    synchronized (System.getProperties()) {
      String known = System.getProperty(key);
      if (known == null) {
        Postgres server = own(version, Map.of());
        known = server.port() + " " + server.superuserPassword();
        System.setProperty(key, known);
      }
      String[] parts = known.split(" ");
      return new Shared(
          version, "127.0.0.1", Integer.parseInt(parts[0]), Postgres.SUPERUSER, parts[1]);
    }
  }

  private static Path freshFolder(int version) {
    removeLeftOvers();
    String name = version + "-" + ProcessHandle.current().pid() + "-" + System.nanoTime();
    return HOME.resolve(name + "-" + COUNT.incrementAndGet());
  }

  private static void atExit(Postgres server) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  server.crash();
                  remove(server.folder());
                }));
  }

  /** Servers of a test process that was killed: they are taken over, ended and removed. */
  private static synchronized void removeLeftOvers() {
    try {
      Files.createDirectories(HOME);
      try (var folders = Files.newDirectoryStream(HOME, "1[57]-*")) {
        for (Path folder : folders) {
          String[] parts = folder.getFileName().toString().split("-");
          if (ProcessHandle.of(Long.parseLong(parts[1])).isEmpty()) {
            int version = Integer.parseInt(parts[0]);
            if (Files.exists(folder.resolve("pgdata/postmaster.pid"))) {
              new Postgres(folder, bin(version), SETTINGS).start().crash();
            }
            remove(folder);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void remove(Path folder) {
    try {
      PostgresBinaries.delete(folder);
    } catch (IOException e) {
      System.err.println("left behind: " + folder + " (" + e.getMessage() + ")");
    }
  }
}

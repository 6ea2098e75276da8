package dev.curfew.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.testing.Servers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PostgresTest {

  private Postgres server;

  @BeforeEach
  void start() {
    server = Servers.own(17, Map.of());
  }

  @AfterEach
  void stop() {
    server.stop();
  }

  @Test
  void refusesAWrongPassword() {
    SQLException refused =
        assertThrows(
            SQLException.class,
            () -> DriverManager.getConnection(server.url("postgres"), Postgres.SUPERUSER, "guess"));
    assertEquals("28P01", refused.getSQLState());
  }

  @Test
  void keepsDataAndPortFromStartToStart() throws SQLException {
    int port = server.port();
    write("kept");
    server.stop();
    server.start();
    assertEquals(port, server.port());
    assertEquals("kept", read());
  }

  @Test
  void keepsWhatWasCommittedWhenTheServerCrashes() throws SQLException {
    write("committed");
    server.crash();
    server.start();
    assertEquals("committed", read());
  }

  @Test
  void takesOverTheServerOfAProcessThatWasKilled() throws Exception {
    server.stop();
    Process owner =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Owner.class.getName(),
                server.folder().toString(),
                Servers.bin(17).toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var said = owner.inputReader()) {
      assertEquals("started", said.readLine());
    }
    assertTrue(
        assertThrows(IllegalStateException.class, server::start)
            .getMessage()
            .contains("in use by process " + owner.pid()));
    String postmaster = postmaster();
    owner.destroyForcibly().waitFor();

    server.start();

    assertTrue(server.wasTakenOver());
    assertEquals(postmaster, postmaster(), "the same server, not a new one");
    assertEquals("written by the killed", read());
  }

  private String postmaster() throws java.io.IOException {
    return Files.readAllLines(server.folder().resolve("pgdata/postmaster.pid")).get(0);
  }

  /** A process of its own that starts the server and then waits to be killed. */
  static final class Owner {
    public static void main(String... arguments) throws Exception {
      Postgres server =
          new Postgres(Path.of(arguments[0]), Path.of(arguments[1]), Map.of("fsync", "off"));
      try (Connection connection = server.start().connect("postgres");
          Statement statement = connection.createStatement()) {
        statement.execute("create table note(word text)");
        statement.execute("insert into note values ('written by the killed')");
      }
      System.out.println("started");
      Thread.currentThread().join();
    }
  }

  @Test
  void refusesAFolderInUse() {
    Postgres second = new Postgres(server.folder(), Servers.bin(17), Map.of());
    String message = assertThrows(IllegalStateException.class, second::start).getMessage();
    assertTrue(message.contains("in use by process " + ProcessHandle.current().pid()), message);
  }

  @Test
  void listensOnLoopbackOnlyAndHidesItsPassword() throws Exception {
    try (Connection connection = server.connect("postgres");
        Statement statement = connection.createStatement();
        var row =
            statement.executeQuery(
                "select current_setting('listen_addresses'),"
                    + " current_setting('unix_socket_directories'),"
                    + " current_setting('synchronous_commit')")) {
      row.next();
      assertEquals("127.0.0.1", row.getString(1));
      assertEquals("", row.getString(2));
      assertEquals("on", row.getString(3));
    }
    Path password = server.folder().resolve("password");
    assertEquals(
        "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(password)));
    assertFalse(server.superuserPassword().isBlank());
  }

  private void write(String word) throws SQLException {
    try (Connection connection = server.connect("postgres");
        Statement statement = connection.createStatement()) {
      statement.execute("create table note(word text)");
      statement.execute("insert into note values ('" + word + "')");
    }
  }

  private String read() throws SQLException {
    try (Connection connection = server.connect("postgres");
        Statement statement = connection.createStatement();
        var row = statement.executeQuery("select word from note")) {
      row.next();
      return row.getString(1);
    }
  }
}

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

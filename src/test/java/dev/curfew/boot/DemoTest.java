package dev.curfew.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.testing.Servers;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {

  @TempDir Path data;

  @Test
  void aSecondStartFindsEverythingAndChangesNothing() throws SQLException {
    String port;
    try (Demo demo = Demo.start(data)) {
      Map<String, String> settings = demo.settings(8080);
      port = settings.get("CURFEW_TARGET_ORDERS_PORT");
      assertEquals("2400", asBrokersAdministrator(settings, "select count(*) from orders"));
      assertEquals(
          "f t f f",
          asBroker(
              settings,
              "select concat_ws(' ', rolsuper, rolcreaterole, rolcreatedb, rolbypassrls)"
                  + " from pg_roles where rolname = current_user"));
      assertTrue(
          assertThrows(
                  SQLException.class, () -> asBroker(settings, "select from pg_catalog.pg_authid"))
              .getMessage()
              .contains("permission denied"));
      asBrokersAdministrator(
          settings, "update customers set city = 'Porto' where id = 1 returning 1");
    }
    try (Demo demo = Demo.start(data)) {
      Map<String, String> settings = demo.settings(8080);
      assertEquals(port, settings.get("CURFEW_TARGET_ORDERS_PORT"));
      assertEquals(
          "Porto", asBrokersAdministrator(settings, "select city from customers where id = 1"));
      assertEquals("2400", asBrokersAdministrator(settings, "select count(*) from orders"));
    }
  }

  @Test
  void theStoreIsNotTheTargetsServerAndSecretsAreTheOwnersAlone() throws Exception {
    Servers.lendPrograms(data);
    try (Demo demo = Demo.start(data)) {
      Map<String, String> settings = demo.settings(8080);
      assertFalse(
          settings
              .get("quarkus.datasource.jdbc.url")
              .contains(":" + settings.get("CURFEW_TARGET_ORDERS_PORT") + "/"));
      assertEquals("127.0.0.1", settings.get("quarkus.http.host"));
      assertEquals("127.0.0.1", settings.get("quarkus.management.host"));
    }
    DemoPeople.in(data);
    for (String file :
        new String[] {"demo-people.properties", "store-password", "secrets/orders-db"}) {
      assertEquals(
          "rw-------",
          PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve(file))),
          file);
    }
    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(data)));
  }

  @Test
  void noPasswordOfTheDemoStandsInAServersLog() throws Exception {
    Servers.lendPrograms(data);
    try (Demo demo = Demo.start(data)) {
      try (Connection connection = demo.target().connect("postgres");
          var statement = connection.createStatement()) {
        statement.execute("alter system set log_statement = 'all'");
        statement.execute("select pg_reload_conf()");
      }
    }
    try (Demo demo = Demo.start(data)) {
      asBroker(demo.settings(8080), "select 1");
    }
    String log = Files.readString(data.resolve("target/server.log"));
    assertTrue(log.contains("alter role curfew_broker password 'SCRAM-SHA-256$"), "not logged");
    assertFalse(log.contains(PrivateFile.read(data.resolve("secrets/orders-db"))));
  }

  @Test
  void aFileInPlaceOfTheFolderIsNamed() throws Exception {
    Path file = Files.createFile(data.resolve("file"));
    assertEquals(
        file + " is a file; name a folder as curfew.data.dir",
        assertThrows(UncheckedIOException.class, () -> Demo.start(file)).getMessage());
  }

  @Test
  void peopleKeepTheirPasswords() {
    assertEquals(DemoPeople.in(data).toString(), DemoPeople.in(data).toString());
    assertEquals(5, DemoPeople.in(data).size());
    assertTrue(
        DemoPeople.in(data)
            .get(0)
            .otpauth()
            .matches("otpauth://totp/Curfew:erin\\?secret=[A-Z2-7]{32}&issuer=Curfew"));
  }

  private String asBroker(Map<String, String> settings, String sql) throws SQLException {
    String password = PrivateFile.read(data.resolve("secrets/orders-db"));
    return value(settings, "curfew_maintenance", "curfew_broker", password, sql);
  }

  private String asBrokersAdministrator(Map<String, String> settings, String sql)
      throws SQLException {
    String password = PrivateFile.read(data.resolve("target/password"));
    return value(settings, "orders", "postgres", password, sql);
  }

  private static String value(
      Map<String, String> settings, String database, String user, String password, String sql)
      throws SQLException {
    String url =
        "jdbc:postgresql://localhost:" + settings.get("CURFEW_TARGET_ORDERS_PORT") + "/" + database;
    try (Connection connection = DriverManager.getConnection(url, user, password);
        var statement = connection.createStatement();
        var row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }
}

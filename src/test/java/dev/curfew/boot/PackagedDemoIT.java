package dev.curfew.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The two commands of the README end here: it starts, and a power cut does it no harm. */
class PackagedDemoIT {

  private static final String SINCE = "select pg_postmaster_start_time()";

  @Test
  void killedAndStartedAgainItHasAllItsDataAndItsServers() throws SQLException {
    try (Packaged demo = new Packaged("demo")) {
      demo.start(Map.of());
      Response door =
          RestAssured.given()
              .redirects()
              .follow(false)
              .get("http://127.0.0.1:" + demo.port() + "/");
      assertEquals(303, door.statusCode());
      assertTrue(door.header("Location").contains("/sign-in"), door.header("Location"));
      assertTrue(demo.output().contains("otpauth://totp/Curfew:erin"), demo.output());
      String store = first(demo.store(), SINCE);
      String target = first(demo.target(), SINCE);
      String person = first(demo.store(), "select id from person where name like 'Erin%'");
      first(demo.target(), "update customers set city = 'Porto' where id = 1 returning city");
      String password = demo.password("erin");

      demo.kill();
      demo.start(Map.of());

      assertEquals(store, first(demo.store(), SINCE), "the store's server was taken over");
      assertEquals(target, first(demo.target(), SINCE), "the target's server was taken over");
      assertEquals(person, first(demo.store(), "select id from person where name like 'Erin%'"));
      assertEquals("Porto", first(demo.target(), "select city from customers where id = 1"));
      assertEquals(password, demo.password("erin"));
    }
  }

  private static String first(Connection opened, String sql) throws SQLException {
    try (Connection connection = opened;
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? row.getString(1) : null;
    }
  }
}

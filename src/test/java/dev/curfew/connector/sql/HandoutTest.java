package dev.curfew.connector.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.curfew.connector.Ask;
import dev.curfew.connector.Endpoint;
import dev.curfew.connector.Entitlement;
import dev.curfew.connector.Secret;
import dev.curfew.connector.Target;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HandoutTest {

  @Test
  void theLinesCanBePasted() {
    Secret secret = secret("orders");
    assertEquals(
        "psql 'host=db.example port=6432 dbname=orders user=jit_b1_g1 sslmode=verify-full'",
        line(secret, "psql"));
    assertEquals(
        "jdbc:postgresql://db.example:6432/orders?user=jit_b1_g1&sslmode=verify-full",
        line(secret, "jdbc"));
    assertEquals("db.example:6432:orders:jit_b1_g1:pass", line(secret, "pgpass"));
  }

  @Test
  void anOddDatabaseNameNeitherLeavesTheShellWordNorTheField() {
    Secret secret = secret("it's: a\\b");
    assertEquals(
        "psql 'host=db.example port=6432 dbname='\\''it\\'\\''s: a\\\\b'\\'' user=jit_b1_g1"
            + " sslmode=verify-full'",
        line(secret, "psql"));
    assertEquals("db.example:6432:it's\\: a\\\\b:jit_b1_g1:pass", line(secret, "pgpass"));
    assertEquals(
        "jdbc:postgresql://db.example:6432/it%27s%3A%20a%5Cb?user=jit_b1_g1&sslmode=verify-full",
        line(secret, "jdbc"));
  }

  private static Secret secret(String database) {
    Target target =
        new Target(
            "t",
            "postgresql",
            new Endpoint("admin.example", 5432),
            new Endpoint("db.example", 6432),
            Map.of("user", "cf", "secret", "env:CURFEW_SECRET_X"));
    Entitlement entitlement = new Entitlement("t/e", Map.of("role", "g", "database", database));
    Ask ask = new Ask("g1", "b1", "i1", target, entitlement, "s1");
    Account account = Account.of("postgresql", ask, Wanted.of(entitlement));
    return Handout.of(account, "pass".toCharArray());
  }

  private static String line(Secret secret, String name) {
    return PostgresTarget.line(secret, name);
  }
}

package dev.curfew.connector.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.curfew.Ids;
import dev.curfew.connector.Ask;
import dev.curfew.connector.Connector;
import dev.curfew.connector.ConnectorContract;
import dev.curfew.connector.Entitlement;
import dev.curfew.connector.Plan;
import dev.curfew.connector.Receipt;
import dev.curfew.connector.Secret;
import dev.curfew.connector.Target;
import dev.curfew.connector.Witness;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The contract on a real PostgreSQL. */
abstract class PostgresContract extends ConnectorContract {

  private static ServerSocket silent;

  abstract PostgresTarget postgres();

  @BeforeAll
  static void listenAndSayNothing() throws IOException {
    silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  @AfterAll
  static void stopListening() throws IOException {
    silent.close();
  }

  @Override
  protected Connector connector() {
    return postgres().quickConnector();
  }

  @Override
  protected Ask ask(String grant) {
    return postgres().readOnly(grant);
  }

  @Override
  protected Ask emptyAsk(String grant) {
    return postgres().ask(grant, new Entitlement("orders-db/nothing", Map.of()));
  }

  @Override
  protected Target target() {
    return postgres().target();
  }

  @Override
  protected Ask askOfASilentTarget(String grant) {
    Ask ask = ask(grant);
    return new Ask(
        ask.grant(),
        ask.broker(),
        ask.installation(),
        postgres().target(silent.getLocalPort()),
        ask.entitlement(),
        ask.snapshot());
  }

  @Override
  protected Optional<Entered> enter(Secret secret) {
    try {
      Connection connection = PostgresTarget.enter(secret);
      return Optional.of(
          new Entered() {
            @Override
            public boolean isAlive() {
              return PostgresTarget.isAlive(connection);
            }

            @Override
            public void close() {
              try {
                connection.close();
              } catch (SQLException e) {
                throw new UncheckedIOException(new IOException(e));
              }
            }
          });
    } catch (SQLException e) {
      return Optional.empty();
    }
  }

  @Override
  protected String brokerSecret() {
    return new String(postgres().brokerPassword);
  }

  @Override
  protected String targetLog() {
    return postgres().log();
  }

  @Test
  void aGranteeOfOwnersRightsCannotChangeTheWitness() throws SQLException {
    Witness kept = new Witness("installation-1", 1, 7, Ids.next());
    connector().witness(target(), PostgresTarget.BROKER_ID, kept, limits());
    Plan plan = connector().plan(postgres().owner(Ids.next()));
    Instant end = Instant.now().plus(Duration.ofMinutes(5));
    connector().provision(plan, end, limits());
    try (Connection session =
        PostgresTarget.enter(connector().issue(plan.handle(), end, limits()))) {
      String role = "jit_" + PostgresTarget.BROKER_ID + "_witness";
      for (String attempt :
          List.of(
              "COMMENT ON ROLE " + role + " IS ''",
              "DROP ROLE " + role,
              "ALTER ROLE " + role + " LOGIN",
              "ALTER ROLE " + role + " RENAME TO gone",
              "SET ROLE " + role)) {
        assertThrows(SQLException.class, () -> PostgresTarget.run(session, attempt), attempt);
      }
    }
    assertEquals(
        Optional.of(kept), connector().witness(target(), PostgresTarget.BROKER_ID, limits()));
    connector().revoke(plan.handle(), Receipt.NONE, ON, limits());
  }

  @Test
  void aWitnessThatIsNotToTheLetterIsNone() {
    String role = "jit_" + PostgresTarget.BROKER_ID + "_witness";
    Witness any = new Witness("installation-1", 1, 7, Ids.next());
    connector().witness(target(), PostgresTarget.BROKER_ID, any, limits());
    postgres().admin("postgres", "COMMENT ON ROLE " + role + " IS 'written by hand'");
    assertEquals(
        Optional.empty(), connector().witness(target(), PostgresTarget.BROKER_ID, limits()));
  }
}

package dev.curfew.connector.sql;

import dev.curfew.connector.Ask;
import dev.curfew.connector.Connector;
import dev.curfew.connector.ConnectorContract;
import dev.curfew.connector.Entitlement;
import dev.curfew.connector.Secret;
import dev.curfew.connector.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

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
    return postgres().connector();
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
}

package dev.curfew.connector.sql;

import dev.curfew.connector.ConnectorException;
import dev.curfew.connector.Limits;
import dev.curfew.connector.Secrets;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Properties;
import java.util.Set;
import org.postgresql.PGProperty;

/**
 * Opens sessions. Everything a grantee could have set for a database against its visitors is
 * overridden in the start-up packet, before any statement runs.
 */
final class Driver {

  private static final Duration CONNECT = Duration.ofSeconds(5);

  /** Longer than any statement may take, for an answer that never comes. */
  private static final Duration SILENCE = Duration.ofSeconds(15);

  private static final String OPTIONS =
      String.join(
          " ",
          "-c search_path=pg_catalog",
          "-c default_transaction_read_only=off",
          "-c lock_timeout=5s",
          "-c statement_timeout=10s",
          "-c idle_in_transaction_session_timeout=30s",
          "-c idle_session_timeout=0",
          "-c standard_conforming_strings=on",
          "-c local_preload_libraries=",
          "-c role=none");

  /** Known from 17 on; an older server refuses a name it does not know. */
  private static final String OPTIONS_FROM_17 = OPTIONS + " -c transaction_timeout=0";

  private static final int VERSION_NOT_KNOWN = 0;
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1");

  private final Secrets secrets;
  private final SqlConnector.Transport transport;

  Driver(Secrets secrets, SqlConnector.Transport transport) {
    this.secrets = secrets;
    this.transport = transport;
  }

  /** A session in the maintenance database, which no grantee can have prepared against us. */
  Session open(Server server, Limits limits) {
    return open(server, server.maintenance(), VERSION_NOT_KNOWN, limits);
  }

  /** A session in a database that a grantee may have worked in. */
  Session open(Server server, String database, int version, Limits limits) {
    if (limits.isOver()) {
      throw SqlFailure.late(server);
    }
    char[] password = secrets.read(server.secret());
    try {
      Properties properties = properties(server, version, limits);
      PGProperty.PASSWORD.set(properties, new String(password));
      Connection connection =
          new org.postgresql.Driver().connect(url(server, database), properties);
      return new Session(server, connection, limits);
    } catch (SQLException e) {
      throw SqlFailure.connecting(server, database, e);
    } finally {
      Arrays.fill(password, '\0');
    }
  }

  private Properties properties(Server server, int version, Limits limits) {
    Properties properties = new Properties();
    PGProperty.USER.set(properties, server.user());
    PGProperty.APPLICATION_NAME.set(properties, "curfew");
    PGProperty.OPTIONS.set(properties, version >= 17 ? OPTIONS_FROM_17 : OPTIONS);
    PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
    PGProperty.GSS_ENC_MODE.set(properties, "disable");
    PGProperty.TCP_KEEP_ALIVE.set(properties, true);
    PGProperty.CONNECT_TIMEOUT.set(properties, seconds(limits.atMost(CONNECT)));
    PGProperty.LOGIN_TIMEOUT.set(properties, seconds(limits.atMost(CONNECT)));
    PGProperty.SOCKET_TIMEOUT.set(properties, seconds(limits.atMost(SILENCE)));
    PGProperty.SSL_MODE.set(properties, checkedSslMode(server));
    server
        .ca()
        .ifPresentOrElse(
            file -> PGProperty.SSL_ROOT_CERT.set(properties, file),
            () ->
                PGProperty.SSL_FACTORY.set(properties, "org.postgresql.ssl.DefaultJavaSSLFactory"));
    return properties;
  }

  private String checkedSslMode(Server server) {
    boolean allowed =
        server.sslmode().equals(Server.VERIFY_FULL)
            || (transport == SqlConnector.Transport.LOOPBACK_DEMO
                && server.sslmode().equals("disable")
                && LOOPBACK.contains(server.admin().host()));
    if (!allowed) {
      throw new ConnectorException(
          server.target() + ": sslmode is verify-full, not: " + server.sslmode(), false);
    }
    return server.sslmode();
  }

  private static String url(Server server, String database) {
    return "jdbc:postgresql://"
        + address(server.admin().host())
        + ":"
        + server.admin().port()
        + "/"
        + URLEncoder.encode(database, StandardCharsets.UTF_8);
  }

  static String address(String host) {
    return host.indexOf(':') < 0 ? host : "[" + host + "]";
  }

  /** Whole seconds, since the driver knows no smaller ones, and 0 would mean for ever. */
  private static int seconds(Duration duration) {
    return (int) Math.max(1, (duration.toMillis() + 999) / 1_000);
  }
}

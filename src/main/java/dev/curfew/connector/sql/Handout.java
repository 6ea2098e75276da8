package dev.curfew.connector.sql;

import dev.curfew.connector.Secret;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a person gets at pick-up, ready to paste. Only two of the lines hold the password. */
final class Handout {

  private Handout() {}

  static Secret of(Account account, char[] password) {
    String host = account.server().connect().host();
    String port = Integer.toString(account.server().connect().port());
    String database = account.database();
    String role = account.role();
    String sslmode = account.server().sslmode();
    return new Secret(
        List.of(
            Secret.Line.open("host", "Host", host),
            Secret.Line.open("port", "Port", port),
            Secret.Line.open("database", "Database", database),
            Secret.Line.open("user", "User", role),
            Secret.Line.secret("password", "Password", password.clone()),
            Secret.Line.open("psql", "psql", psql(host, port, database, role, sslmode)),
            Secret.Line.open("jdbc", "JDBC", jdbc(host, port, database, role, sslmode)),
            Secret.Line.secret(
                "pgpass", "Line for ~/.pgpass", pgpass(host, port, database, role, password))));
  }

  /** The connection string as one word of a shell; it never holds the password. */
  private static String psql(
      String host, String port, String database, String user, String sslmode) {
    String conninfo =
        "host=%s port=%s dbname=%s user=%s sslmode=%s"
            .formatted(host, port, conninfo(database), user, sslmode);
    return "psql '" + conninfo.replace("'", "'\\''") + "'";
  }

  /** A value of a libpq connection string. */
  private static String conninfo(String value) {
    return value.matches("[A-Za-z0-9_.-]+")
        ? value
        : "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }

  private static String jdbc(
      String host, String port, String database, String user, String sslmode) {
    return "jdbc:postgresql://%s:%s/%s?user=%s&sslmode=%s"
        .formatted(
            Driver.address(host),
            port,
            URLEncoder.encode(database, StandardCharsets.UTF_8).replace("+", "%20"),
            user,
            sslmode);
  }

  private static char[] pgpass(
      String host, String port, String database, String user, char[] password) {
    String front = String.join(":", escaped(host), port, escaped(database), escaped(user)) + ":";
    char[] line = new char[front.length() + password.length];
    front.getChars(0, front.length(), line, 0);
    System.arraycopy(password, 0, line, front.length(), password.length);
    return line;
  }

  private static String escaped(String field) {
    return field.replace("\\", "\\\\").replace(":", "\\:");
  }
}

package dev.curfew.audit;

import dev.curfew.Ids;
import dev.curfew.identity.Caller;
import dev.curfew.identity.Scope;
import dev.curfew.identity.Session;
import io.quarkus.narayana.jta.QuarkusTransaction;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import javax.sql.DataSource;

/** What the tests of the history share: people and small questions to the store. */
final class Histories {

  private Histories() {}

  static Caller person(String name, String... groups) {
    return new Caller(
        Ids.next(),
        name,
        Set.of(groups),
        new Session(Session.Kind.PAGE, Ids.next()),
        Set.of(Scope.values()),
        "192.0.2.7");
  }

  static Caller auditor() {
    return person("Audra", "auditors");
  }

  static void record(Audit audit, Entry... entries) {
    QuarkusTransaction.requiringNew()
        .run(
            () -> {
              for (Entry entry : entries) {
                audit.record(entry);
              }
            });
  }

  static long ask(DataSource store, String sql) {
    try (Connection connection = store.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  static void execute(DataSource store, String sql) throws SQLException {
    try (Connection connection = store.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}

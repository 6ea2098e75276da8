package dev.curfew.boot;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs a script written for {@code psql}, each statement in a transaction of its own. */
public final class SqlScript {

  private SqlScript() {}

  /**
   * @param variables what {@code psql -v} would set
   */
  public static void run(Connection connection, String script, Map<String, String> variables)
      throws SQLException {
    for (SqlText.Statement each : SqlText.all(script, variables)) {
      try (Statement statement = connection.createStatement()) {
        boolean rows = statement.execute(each.sql());
        if (each.ending() == SqlText.Ending.GEXEC && rows) {
          for (String generated : values(statement.getResultSet())) {
            statement.execute(generated);
          }
        }
      }
    }
  }

  private static List<String> values(ResultSet rows) throws SQLException {
    List<String> values = new ArrayList<>();
    int columns = rows.getMetaData().getColumnCount();
    while (rows.next()) {
      for (int i = 1; i <= columns; i++) {
        if (rows.getString(i) != null) {
          values.add(rows.getString(i));
        }
      }
    }
    return values;
  }
}

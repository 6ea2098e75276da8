package dev.curfew.connector.sql;

import dev.curfew.connector.Limits;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.postgresql.PGConnection;

/**
 * One connection of one call. When the call's time is over, whatever runs on it is cancelled at the
 * server and the connection is cut, whether or not the thread that uses it can be interrupted.
 */
final class Session implements AutoCloseable {

  private static final ScheduledExecutorService CLOCK = clock();

  /** Cutting waits for the network, so it must not hold up the clock. */
  private static final ExecutorService CUTTER =
      Executors.newCachedThreadPool(work -> daemon(work, "curfew-cutter"));

  private final Server server;
  private final Connection connection;
  private final Dialect dialect = Dialect.POSTGRESQL;
  private final ScheduledFuture<?> cut;
  private volatile boolean late;

  Session(Server server, Connection connection, Limits limits) {
    this.server = server;
    this.connection = connection;
    this.cut =
        CLOCK.schedule(
            () -> CUTTER.execute(this::cutLate), limits.left().toNanos(), TimeUnit.NANOSECONDS);
  }

  /** The server's major version. */
  int version() {
    try {
      return connection.getMetaData().getDatabaseMajorVersion();
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /** All rows, each column as text; null stays null. */
  List<List<String>> query(String template, Map<String, String> values) {
    try (Statement statement = statement();
        ResultSet rows = statement.executeQuery(fill(template, values))) {
      int columns = rows.getMetaData().getColumnCount();
      List<List<String>> all = new ArrayList<>();
      while (rows.next()) {
        List<String> row = new ArrayList<>(columns);
        for (int column = 1; column <= columns; column++) {
          row.add(rows.getString(column));
        }
        all.add(row);
      }
      return all;
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /** The first column of all rows. */
  List<String> lines(String template, Map<String, String> values) {
    return query(template, values).stream().map(row -> row.get(0)).toList();
  }

  /** All of the statements or none. */
  void change(List<String> templates, Map<String, String> values) {
    try {
      connection.setAutoCommit(false);
      try {
        run(templates, values);
        connection.commit();
      } catch (SQLException | RuntimeException e) {
        rollBack();
        throw e;
      } finally {
        connection.setAutoCommit(true);
      }
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /** Each statement by itself, for what cannot run in a transaction. */
  void changeOneByOne(List<String> templates, Map<String, String> values) {
    try {
      run(templates, values);
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  private void run(List<String> templates, Map<String, String> values) throws SQLException {
    try (Statement statement = statement()) {
      for (String template : templates) {
        statement.execute(fill(template, values));
      }
    }
  }

  private Statement statement() throws SQLException {
    Statement statement = connection.createStatement();
    statement.setEscapeProcessing(false);
    return statement;
  }

  private String fill(String template, Map<String, String> values) {
    return Template.fill(template, dialect, values);
  }

  private void rollBack() {
    try {
      connection.rollback();
    } catch (SQLException e) {
      // The connection is gone, and the server rolls back what it had.
      cut();
    }
  }

  /** Once the time is over it is chance which of the two the thread hears of first. */
  private SqlFailure failure(SQLException e) {
    return late ? SqlFailure.cutOff(server) : SqlFailure.running(server, e);
  }

  private void cutLate() {
    late = true;
    cut();
  }

  private void cut() {
    try {
      connection.unwrap(PGConnection.class).cancelQuery();
    } catch (SQLException e) {
      // It is cut in any case; the server ends the statement by its own timeout.
    }
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      // Closed already.
    }
  }

  @Override
  public void close() {
    cut.cancel(false);
    try {
      connection.close();
    } catch (SQLException e) {
      // Nothing was left to be done on it.
    }
  }

  private static ScheduledExecutorService clock() {
    ScheduledThreadPoolExecutor clock =
        new ScheduledThreadPoolExecutor(1, work -> daemon(work, "curfew-deadline"));
    clock.setRemoveOnCancelPolicy(true);
    return clock;
  }

  private static Thread daemon(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }
}

package dev.curfew.boot;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A small prompt, so that a machine without psql can use what was picked up. */
@Command(
    name = "sql",
    mixinStandardHelpOptions = true,
    description = {
      "A small SQL prompt. It asks for the pgpass line that is shown beside the psql line when"
          + " access is picked up, and does not show what is typed.",
      "",
      "At the prompt: statements end with a semicolon, \\d lists tables, \\q leaves."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:all went well", "1:a statement failed", "3:Curfew ended the access"})
final class SqlCommand implements Callable<Integer> {

  static final int ENDED = 3;

  private static final String TABLES =
      "select schemaname as schema, tablename as table, tableowner as owner from pg_tables"
          + " where schemaname not in ('pg_catalog', 'information_schema') order by 1, 2";

  @Spec CommandSpec spec;

  @Option(
      names = "--file",
      paramLabel = "<file>",
      description = "A file that holds the pgpass line, instead of typing it.")
  Path file;

  @Option(
      names = "--sslmode",
      paramLabel = "<mode>",
      description = "As in libpq; default: ${DEFAULT-VALUE}.",
      defaultValue = "prefer")
  String sslmode;

  @Option(
      names = "--ca",
      paramLabel = "<file>",
      description = "The certificate authority's certificate, for verify-ca and verify-full.")
  Path ca;

  private BufferedReader in =
      new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
  private PrintWriter out;
  private PgpassLine line;
  private Connection connection;
  private volatile boolean busy;
  private volatile boolean ended;
  private boolean failed;

  @Override
  public Integer call() throws IOException {
    out = spec.commandLine().getOut();
    line = credential();
    try {
      connection = connect();
    } catch (SQLException e) {
      out.println("Cannot enter " + line + ": " + reason(e));
      return isRefusal(e) ? ENDED : Serve.FAILED;
    }
    out.println("You are in: " + line + ". \\q leaves.");
    ScheduledExecutorService watch = watch();
    try {
      prompt();
    } finally {
      watch.shutdownNow();
      closeQuietly();
    }
    if (ended) {
      return ENDED;
    }
    return failed && System.console() == null ? Serve.FAILED : 0;
  }

  void readFrom(BufferedReader reader) {
    in = reader;
  }

  private PgpassLine credential() throws IOException {
    if (file != null) {
      return PgpassLine.parse(Files.readString(file).lines().findFirst().orElse(""));
    }
    if (System.console() != null) {
      return typed(System.console());
    }
    String typed = in.readLine();
    return PgpassLine.parse(typed == null ? "" : typed);
  }

  /** Asks until it is one: a line pasted in halves costs nothing but another try. */
  private PgpassLine typed(Console console) {
    while (true) {
      char[] typed = console.readPassword("pgpass line (not shown): ");
      if (typed == null) {
        throw new IllegalArgumentException("no pgpass line was typed");
      }
      try {
        return PgpassLine.parse(new String(typed));
      } catch (IllegalArgumentException e) {
        out.println(e.getMessage());
        out.flush();
      }
    }
  }

  private Connection connect() throws SQLException {
    Properties properties = new Properties();
    properties.put("user", line.user());
    properties.put("password", line.password());
    properties.put("PGDBNAME", line.database());
    properties.put("sslmode", sslmode);
    if (ca != null) {
      properties.put("sslrootcert", ca.toString());
    }
    properties.put("connectTimeout", "10");
    properties.put("ApplicationName", "curfew sql");
    return DriverManager.getConnection(line.url(), properties);
  }

  private void prompt() throws IOException {
    StringBuilder typed = new StringBuilder();
    while (!ended) {
      out.print(line.database() + (typed.isEmpty() ? "=> " : "-> "));
      out.flush();
      String text = in.readLine();
      if (text == null || text.strip().equals("\\q")) {
        return;
      }
      if (ended) {
        return;
      }
      if (text.strip().equals("\\d")) {
        run(TABLES);
        continue;
      }
      SqlText.Typed cut = SqlText.typed(typed.append(text).append('\n').toString());
      typed.setLength(0);
      typed.append(cut.rest());
      for (SqlText.Statement each : cut.statements()) {
        run(each.sql());
      }
    }
  }

  private void run(String sql) {
    if (ended) {
      return;
    }
    busy = true;
    try (Statement statement = connection.createStatement()) {
      statement.setMaxRows(501);
      if (statement.execute(sql)) {
        SqlTable.print(statement.getResultSet(), out);
      } else {
        int count = statement.getUpdateCount();
        out.println("done" + (count > 0 ? ", " + count + (count == 1 ? " row" : " rows") : ""));
      }
    } catch (SQLException e) {
      failed = true;
      if (isCut(e)) {
        cut();
      } else {
        out.println("error: " + reason(e));
      }
    } finally {
      busy = false;
      out.flush();
    }
  }

  /** Tells of the end at once, not only at the next statement. */
  private ScheduledExecutorService watch() {
    ScheduledExecutorService watch =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "watch");
              thread.setDaemon(true);
              return thread;
            });
    watch.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
    return watch;
  }

  private void look() {
    try {
      if (!busy && !ended && !connection.isValid(5)) {
        out.println();
        cut();
      }
    } catch (SQLException e) {
      cut();
    }
  }

  /** The server ended the session: for good, if it does not let us in again. */
  private synchronized void cut() {
    if (ended) {
      return;
    }
    try {
      connection = connect();
      out.println("The server ended the session; connected again. What was open is undone.");
    } catch (SQLException e) {
      ended = true;
      out.println(
          isRefusal(e)
              ? "Curfew ended this session: the access of " + line.user() + " is over."
              : "The session is lost: " + reason(e));
      out.println(System.console() == null ? "" : "Press Enter to leave.");
    }
    out.flush();
  }

  private static boolean isCut(SQLException e) {
    String state = e.getSQLState() == null ? "" : e.getSQLState();
    return state.startsWith("08") || state.equals("57P01");
  }

  private static boolean isRefusal(SQLException e) {
    return e.getSQLState() != null && e.getSQLState().startsWith("28");
  }

  private static String reason(SQLException e) {
    ServerErrorMessage said =
        e instanceof PSQLException known ? known.getServerErrorMessage() : null;
    if (said == null) {
      return e.getMessage();
    }
    return Stream.of(said.getMessage(), said.getDetail(), said.getHint())
        .filter(Objects::nonNull)
        .collect(Collectors.joining("; "));
  }

  private void closeQuietly() {
    try {
      connection.close();
    } catch (SQLException e) {
      // the session is over either way
    }
  }
}

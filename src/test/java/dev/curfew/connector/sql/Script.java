package dev.curfew.connector.sql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A set-up script as an operator gives it to psql, run over JDBC where there is no psql. Of psql it
 * knows the quoted variables, {@code :"x"} and {@code :'x'}, and {@code \gexec}, which runs what
 * the query answers.
 */
final class Script {

  /** What a statement is made of where a semicolon does not end it. */
  private static final Pattern PIECE =
      Pattern.compile(
          "--[^\\n]*"
              + "|'(?:[^']|'')*'"
              + "|\"(?:[^\"]|\"\")*\""
              + "|\\$([a-z_]*)\\$.*?\\$\\1\\$"
              + "|\\\\gexec|;",
          Pattern.DOTALL);

  private record Part(String sql, boolean runsItsAnswer) {}

  private final List<Part> parts;

  Script(String text) {
    this.parts = split(text);
  }

  /** Runs it in autocommit, as psql does; {@code CREATE DATABASE} needs that. */
  void run(Connection connection, Map<String, String> variables) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      for (Part part : parts) {
        String sql = Template.fill(part.sql(), Dialect.POSTGRESQL, variables);
        if (part.runsItsAnswer()) {
          for (String answer : answers(statement, sql)) {
            statement.execute(answer);
          }
        } else {
          statement.execute(sql);
        }
      }
    }
  }

  private static List<String> answers(Statement statement, String sql) throws SQLException {
    List<String> answers = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        answers.add(rows.getString(1));
      }
    }
    return answers;
  }

  private static List<Part> split(String text) {
    List<Part> parts = new ArrayList<>();
    StringBuilder current = new StringBuilder();
    Matcher piece = PIECE.matcher(text);
    int end = 0;
    while (piece.find()) {
      current.append(text, end, piece.start());
      end = piece.end();
      boolean isEnd = piece.group().equals(";") || piece.group().equals("\\gexec");
      if (isEnd) {
        parts.add(new Part(current.toString().strip(), piece.group().startsWith("\\")));
        current.setLength(0);
      } else if (!piece.group().startsWith("--")) {
        current.append(piece.group());
      }
    }
    if (!(current + text.substring(end)).isBlank()) {
      throw new IllegalArgumentException("the script's last statement is not ended");
    }
    return List.copyOf(parts);
  }
}

package dev.curfew.connector.sql;

import dev.curfew.connector.ConnectorException;
import dev.curfew.connector.Outcome;
import dev.curfew.connector.Redaction;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import org.postgresql.util.PSQLException;

/**
 * A statement or a connection failed. The message is for people: the server's own words without the
 * statement, which may hold a verifier.
 */
final class SqlFailure extends RuntimeException {

  static final String NO_SUCH_DATABASE = "3D000";

  /** The name was there before the statement, or came in the same moment. */
  private static final Set<String> DUPLICATE = Set.of("42710", "23505");

  private static final Duration SOON = Duration.ofSeconds(1);

  private final String state;
  private final boolean reached;

  private SqlFailure(String message, String state, boolean reached) {
    super(message);
    this.state = state;
    this.reached = reached;
  }

  /** No session was opened, so nothing can have happened. */
  static SqlFailure connecting(Server server, String database, SQLException e) {
    String state = state(e);
    String why = server.target() + " " + connectionProblem(server, database, state, e);
    return new SqlFailure(why, state, false);
  }

  static SqlFailure running(Server server, SQLException e) {
    String state = state(e);
    return new SqlFailure(server.target() + " " + statementProblem(state, e), state, true);
  }

  static SqlFailure late(Server server) {
    return new SqlFailure(server.target() + " did not answer in time", "57014", true);
  }

  boolean is(String sqlState) {
    return state.equals(sqlState);
  }

  boolean isDuplicate() {
    return DUPLICATE.contains(state);
  }

  Outcome.Again again() {
    return new Outcome.Again(SOON, getMessage(), reached);
  }

  ConnectorException asException() {
    return new ConnectorException(getMessage(), reached);
  }

  private static String connectionProblem(
      Server server, String database, String state, SQLException e) {
    return switch (state) {
      case "28P01", "28000" ->
          "refused the login of " + server.user() + ": " + words(e) + "; see to its secret";
      case NO_SUCH_DATABASE -> "has no database " + database;
      case "42501" -> "does not let " + server.user() + " connect to " + database;
      case "53300" -> "has no connection free: " + words(e);
      case "57P03", "57P01", "57P02" -> "is starting or stopping";
      case "55000" -> "takes no connections to " + database;
      default -> "did not answer: " + words(e);
    };
  }

  private static String statementProblem(String state, SQLException e) {
    return switch (state) {
      case "55P03" -> "waited in vain for a lock that somebody holds";
      case "57014" -> "took too long and was told to stop";
      case "57P01", "57P02", "57P03", "08006", "08003", "08001" -> "ended the connection";
      default -> "said: " + words(e);
    };
  }

  private static String words(SQLException e) {
    if (e instanceof PSQLException known && known.getServerErrorMessage() != null) {
      return Redaction.of(known.getServerErrorMessage().getMessage());
    }
    return Redaction.of(e.getMessage());
  }

  private static String state(SQLException e) {
    return e.getSQLState() == null ? "" : e.getSQLState();
  }
}

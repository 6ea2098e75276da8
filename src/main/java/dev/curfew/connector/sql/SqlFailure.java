package dev.curfew.connector.sql;

import dev.curfew.connector.ConnectorException;
import dev.curfew.connector.Finding;
import dev.curfew.connector.Outcome;
import dev.curfew.connector.Redaction;
import dev.curfew.connector.Verdict;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postgresql.util.PSQLException;

/**
 * A statement or a connection failed. The message is for everybody; the detail has the server's or
 * the driver's own words, without the statement, which may hold a verifier.
 */
final class SqlFailure extends RuntimeException {

  static final String NO_SUCH_DATABASE = "3D000";

  /** More locks than the server has room for. */
  static final String OUT_OF_LOCKS = "53200";

  /** The name was there before the statement, or came in the same moment. */
  private static final Set<String> DUPLICATE = Set.of("42710", "23505");

  /** The driver names it, in whatever language it speaks. */
  private static final String NAME_VERIFIER = "PgjdbcHostnameVerifier";

  /** A connection exception of no kind, which no server sends. */
  private static final String CUT_OFF_BY_US = "08000";

  /** By its own time limit for a statement. */
  private static final String TOLD_TO_STOP = "57014";

  private static final Duration SOON = Duration.ofSeconds(1);

  private final String detail;
  private final String state;
  private final boolean reached;

  private SqlFailure(Server server, Said said, String state, boolean reached) {
    super(server.target() + " " + said.toAll());
    this.detail = server.target() + " " + said.inDetail();
    this.state = state;
    this.reached = reached;
  }

  /** No session was opened, so nothing can have happened. */
  static SqlFailure connecting(Server server, String database, SQLException e) {
    String state = state(e);
    return new SqlFailure(server, connectionProblem(server, database, state, e), state, false);
  }

  static SqlFailure running(Server server, SQLException e) {
    String state = state(e);
    return new SqlFailure(server, statementProblem(state, e), state, true);
  }

  /** By Curfew, when the time of the call was over. */
  static SqlFailure cutOff(Server server) {
    return new SqlFailure(server, Said.plainly("did not answer in time"), CUT_OFF_BY_US, true);
  }

  static SqlFailure late(Server server) {
    return new SqlFailure(server, Said.plainly("did not answer in time"), TOLD_TO_STOP, true);
  }

  String detail() {
    return detail;
  }

  boolean is(String sqlState) {
    return state.equals(sqlState);
  }

  boolean isDuplicate() {
    return DUPLICATE.contains(state);
  }

  /** The connection is gone: it may be the server that is down, and not what was asked of it. */
  boolean isCutOff() {
    return state.startsWith("08") || state.startsWith("57P0");
  }

  /** It was Curfew that cut it off, when the time of the call was over. */
  boolean isLate() {
    return state.equals(CUT_OFF_BY_US);
  }

  Outcome.Again again() {
    return new Outcome.Again(SOON, getMessage(), detail, reached);
  }

  ConnectorException asException() {
    return new ConnectorException(getMessage(), detail, reached, isCutOff() || is(TOLD_TO_STOP));
  }

  Finding asFinding() {
    return Finding.fatal(getMessage(), detail);
  }

  Verdict asVerdict() {
    return Verdict.unknown(getMessage(), List.of(detail));
  }

  /** What is said to everybody, and what to administrators and in the history. */
  private record Said(String toAll, String inDetail) {

    static Said plainly(String words) {
      return new Said(words, words);
    }

    static Said with(String words, String more) {
      return new Said(words, words + ": " + more);
    }
  }

  private static Said connectionProblem(
      Server server, String database, String state, SQLException e) {
    return switch (state) {
      case "28P01", "28000" ->
          new Said(
              "refused Curfew's login",
              "refused the login of " + server.user() + ": " + words(e) + "; see to its secret");
      case NO_SUCH_DATABASE -> Said.plainly("has no database " + database);
      case "42501" ->
          new Said(
              "does not let Curfew connect",
              "does not let " + server.user() + " connect to " + database);
      case "53300" -> Said.with("has no connection free", words(e));
      case "57P03", "57P01", "57P02" -> Said.plainly("is starting or stopping");
      case "55000" -> Said.plainly("takes no connections to " + database);
      default ->
          notTrusted(server, e)
              .map(why -> Said.with("did not prove that it is the right server", why))
              .orElseGet(() -> Said.with("did not answer", words(e)));
    };
  }

  /** What the certificate lacks, and the mend; the driver's words are of its own inside. */
  private static Optional<String> notTrusted(Server server, SQLException e) {
    if (String.valueOf(e.getMessage()).contains(NAME_VERIFIER)) {
      return Optional.of(
          "its certificate is not for the host name "
              + server.admin().host()
              + "; write the name that is in the certificate as the target's host");
    }
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertPathBuilderException) {
        return Optional.of(
            "its certificate is not signed by the CA named, "
                + server.ca().orElse("Java's own list")
                + "; see to the target's ca");
      }
      if (cause instanceof CertPathValidatorException) {
        return Optional.of("its certificate is not valid: " + Redaction.of(cause.getMessage()));
      }
    }
    return Optional.empty();
  }

  private static Said statementProblem(String state, SQLException e) {
    return switch (state) {
      case "55P03" -> Said.plainly("waited in vain for a lock that somebody holds");
      case TOLD_TO_STOP -> Said.plainly("took too long and was told to stop");
      case "57P01", "57P02", "57P03", "08006", "08003", "08001" ->
          Said.plainly("ended the connection");
      default -> new Said("refused what Curfew asked of it", "said: " + words(e));
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

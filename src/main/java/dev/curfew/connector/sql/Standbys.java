package dev.curfew.connector.sql;

import dev.curfew.connector.ConnectorException;
import dev.curfew.connector.Finding;
import dev.curfew.connector.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The standbys of one server. PostgreSQL lets people in there by the accounts of the server it
 * replays, and their sessions live there whatever happens to the account.
 */
final class Standbys {

  /** How long one call waits for a standby; a longer lag is waited for by calling again. */
  private static final Duration REPLAY = Duration.ofSeconds(3);

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

  private final Driver driver;
  private final Server primary;

  Standbys(Driver driver, Server primary) {
    this.driver = driver;
    this.primary = primary;
  }

  /** A standby does not let Curfew see to it that nobody is inside; fit for everybody. */
  static final class Unsure extends RuntimeException {
    private final String detail;

    private Unsure(String why, String detail) {
      super(why, null, false, false);
      this.detail = detail;
    }

    String detail() {
      return detail;
    }
  }

  /** A session on one standby, which is one of the very server that is meant. */
  record Open(Server server, Session session, Statements statements) implements AutoCloseable {
    @Override
    public void close() {
      session.close();
    }
  }

  /** Those that Curfew can reach. */
  List<Standby> reachable() {
    return primary.standbys().stream().filter(each -> each.endpoint().isPresent()).toList();
  }

  /** Those that are declared out of reach, by name. */
  List<String> outOfReach() {
    return primary.standbys().stream()
        .filter(each -> each.endpoint().isEmpty())
        .map(Standby::name)
        .toList();
  }

  /** What is done in a session on a standby. */
  interface Work {
    void on(Open standby);
  }

  /**
   * @throws Unsure when it does not answer, is a server of its own, or has standbys nobody named
   */
  void at(Standby standby, SqlPack pack, Sight sight, Limits limits, Work work) {
    try (Open open = open(pack, sight, primary.at(standby), limits)) {
      work.on(open);
      mustBeDeclared(open.session(), open.statements());
    } catch (SqlFailure e) {
      throw new Unsure(e.getMessage(), e.detail());
    }
  }

  /**
   * @throws Unsure when a standby replays it that no pack names
   */
  void mustBeDeclared(Session session, Statements statements) {
    undeclared(session, statements).stream()
        .findFirst()
        .ifPresent(
            each -> {
              throw new Unsure(each.text(), each.detail());
            });
  }

  private Open open(SqlPack pack, Sight sight, Server standby, Limits limits) {
    try {
      Session session = driver.open(standby, limits);
      try {
        Sight its = Sight.of(session, pack, standby);
        objection(standby, its, sight)
            .ifPresent(
                why -> {
                  throw new Unsure(why, why);
                });
        return new Open(standby, session, its.statements());
      } catch (RuntimeException e) {
        session.close();
        throw e;
      }
    } catch (SqlFailure e) {
      throw new Unsure(e.getMessage(), e.detail());
    } catch (ConnectorException e) {
      throw new Unsure(e.getMessage(), e.detail());
    }
  }

  private static Optional<String> objection(Server standby, Sight its, Sight primary) {
    if (!its.system().equals(primary.system())) {
      return Optional.of(standby.target() + " replays another server");
    }
    if (its.takesWrites()) {
      return Optional.of(standby.target() + " is no standby any more, but a server of its own");
    }
    return Optional.empty();
  }

  /** What is wrong with each of them; empty when all can be seen to. */
  List<Finding> problems(SqlPack pack, Sight sight, Session session, Limits limits) {
    List<Finding> problems = new ArrayList<>(undeclared(session, sight.statements()));
    for (Standby each : reachable()) {
      try {
        at(each, pack, sight, limits, standby -> {});
      } catch (Unsure e) {
        String mend = ": sessions there could not be ended; mend it, or declare it unreachable";
        problems.add(Finding.fatal(e.getMessage() + mend, e.detail() + mend));
      }
    }
    return problems;
  }

  /**
   * Standbys that replay this one and that no pack names. Two of one name cannot be told apart, so
   * only one of them is named.
   */
  private List<Finding> undeclared(Session session, Statements statements) {
    Set<String> declared = new HashSet<>();
    primary.standbys().forEach(each -> declared.add(each.name()));
    List<Finding> found = new ArrayList<>();
    for (List<String> row : session.query(statements.query(Verb.STANDBYS), Map.of())) {
      if (!declared.remove(row.get(0))) {
        String text =
            "%s has a standby \"%s\" that is not named in its standbys: sessions there are not ended; name it in the pack, by an application_name of its own"
                .formatted(primary.target(), row.get(0));
        found.add(Finding.fatal(text, text + " (it is at " + row.get(1) + ")"));
      }
    }
    return found;
  }

  /**
   * Waits a moment until the standby has replayed what the server had written at that position.
   *
   * @throws Unsure when it has not
   */
  static void replayed(Open standby, String position, Limits limits) {
    Limits wait = Limits.within(limits.atMost(REPLAY));
    while (true) {
      List<String> row =
          standby
              .session()
              .query(standby.statements().query(Verb.REPLAYED), Map.of(Values.POSITION, position))
              .get(0);
      if ("t".equals(row.get(0))) {
        return;
      }
      if (wait.isOver()) {
        String why =
            standby.server().target()
                + " has not replayed the end of the access yet, so people may still get in there";
        throw new Unsure(why, "%s (%s, wanted %s)".formatted(why, row.get(1), position));
      }
      pause(wait.atMost(BETWEEN_LOOKS));
    }
  }

  private static void pause(Duration pause) {
    try {
      TimeUnit.NANOSECONDS.sleep(pause.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConnectorException("the broker is stopping", true);
    }
  }
}

package dev.curfew.connector.sql;

import dev.curfew.connector.ConnectorException;
import dev.curfew.connector.Limits;
import dev.curfew.connector.Outcome;
import dev.curfew.connector.Receipt;
import dev.curfew.connector.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes an account without login, and opens it with a new secret. */
final class Provisioning {

  static final Duration ANOTHER_SERVER = Duration.ofSeconds(5);

  private final SqlPack pack;
  private final Driver driver;

  Provisioning(SqlPack pack, Driver driver) {
    this.pack = pack;
    this.driver = driver;
  }

  Outcome provision(Account account, Instant until, Limits limits) {
    try (Session session = driver.open(account.server(), limits)) {
      Sight sight = Sight.of(session, pack, account.server());
      if (!sight.takesWrites()) {
        return notWritable(account.server());
      }
      Optional<String> notMeant = sight.notMeant(account.server());
      if (notMeant.isPresent()) {
        return new Outcome.Again(
            ANOTHER_SERVER, Sight.notMeantPlainly(account.server()), notMeant.get(), false);
      }
      Map<String, String> values = new HashMap<>(account.values());
      putEnd(account, until, values);
      return found(account, session, sight, values)
          .orElseGet(() -> make(account, session, sight, values));
    } catch (SqlFailure e) {
      return e.again();
    }
  }

  /** The mark says the same end to a sweep as the target holds the account to. */
  private static void putEnd(Account account, Instant until, Map<String, String> values) {
    values.put(Values.MARK, account.mark(until));
    values.put(Values.UNTIL, until.plus(Account.OWN_END_LATER).toString());
  }

  private Outcome make(Account account, Session session, Sight sight, Map<String, String> values) {
    List<String> refusals = session.lines(sight.statements().query(Verb.REFUSALS), values);
    if (!refusals.isEmpty()) {
      return new Outcome.Refused(String.join("; ", refusals));
    }
    try {
      session.change(sight.statements().changes(verb(account)), values);
    } catch (SqlFailure e) {
      if (!e.isDuplicate()) {
        throw e;
      }
      // Another call of the same grant was a moment faster; what it made is looked at below.
    }
    return found(account, session, sight, values)
        .orElseThrow(
            () ->
                new ConnectorException(
                    "%s made %s and it is gone again"
                        .formatted(account.server().target(), account.role()),
                    true));
  }

  private static Verb verb(Account account) {
    return account.actsAsGroup() ? Verb.PROVISION_OWNER : Verb.PROVISION_MEMBER;
  }

  /** What an account that is already there means; empty when there is none. */
  private static Optional<Outcome> found(
      Account account, Session session, Sight sight, Map<String, String> values) {
    return Seen.find(session, sight.statements(), values).stream()
        .findFirst()
        .map(seen -> meaning(account, seen, sight));
  }

  private static Outcome meaning(Account account, Seen seen, Sight sight) {
    if (seen.mark().filter(account::owns).isEmpty()) {
      return new Outcome.Refused(
          "role %s exists on %s and was not made for this grant"
              .formatted(seen.name(), account.server().target()));
    }
    if (seen.name().equals(account.blocked())) {
      return new Outcome.Refused("the access is being taken away already");
    }
    return new Outcome.Done(receipt(seen, sight));
  }

  private static Receipt receipt(Seen seen, Sight sight) {
    return Learned.of(Receipt.NONE).withIds(Set.of(seen.id())).on(sight.system()).receipt();
  }

  Secret issue(Account account, Instant until, Limits limits) {
    try (Session session = driver.open(account.server(), limits)) {
      Sight sight = Sight.of(session, pack, account.server()).meant(account.server());
      Map<String, String> values = new HashMap<>(account.values());
      mustBeOurs(account, session, sight, values);
      mustBeAllowed(session, sight, values);
      putEnd(account, until, values);
      return open(account, session, sight, values);
    } catch (SqlFailure e) {
      throw e.asException();
    }
  }

  private static Secret open(
      Account account, Session session, Sight sight, Map<String, String> values) {
    char[] password = Scram.password();
    try {
      values.put(Values.VERIFIER, Scram.verifier(password));
      session.change(sight.statements().changes(Verb.ISSUE), values);
      return Handout.of(account, password);
    } finally {
      Arrays.fill(password, '\0');
    }
  }

  private static void mustBeOurs(
      Account account, Session session, Sight sight, Map<String, String> values) {
    boolean ours =
        Seen.find(session, sight.statements(), values).stream()
            .findFirst()
            .filter(seen -> seen.name().equals(account.role()))
            .flatMap(Seen::mark)
            .filter(account::owns)
            .isPresent();
    if (!ours) {
      throw new ConnectorException(
          "there is no access to open on %s: it was never made or is taken away already"
              .formatted(account.server().target()),
          true);
    }
  }

  private static void mustBeAllowed(Session session, Sight sight, Map<String, String> values) {
    List<String> refusals = session.lines(sight.statements().query(Verb.REFUSALS), values);
    if (!refusals.isEmpty()) {
      throw new ConnectorException(String.join("; ", refusals), true);
    }
  }

  static Outcome notWritable(Server server) {
    return new Outcome.Again(
        Duration.ofSeconds(5),
        server.target() + " is a standby or in recovery; Curfew needs the primary",
        false);
  }
}

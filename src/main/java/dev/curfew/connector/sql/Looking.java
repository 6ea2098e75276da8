package dev.curfew.connector.sql;

import dev.curfew.connector.Checked;
import dev.curfew.connector.ConnectorException;
import dev.curfew.connector.Described;
import dev.curfew.connector.Finding;
import dev.curfew.connector.Found;
import dev.curfew.connector.Limits;
import dev.curfew.connector.Mark;
import dev.curfew.connector.Receipt;
import dev.curfew.connector.Target;
import dev.curfew.connector.Verdict;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What only reads: the proof, the sweep, the check, and what an entitlement gives. */
final class Looking {

  private final SqlPack pack;
  private final Driver driver;

  Looking(SqlPack pack, Driver driver) {
    this.pack = pack;
    this.driver = driver;
  }

  Verdict verify(Account account, Receipt receipt, Limits limits) {
    Server server = account.server();
    try (Session session = driver.open(server, limits)) {
      Sight sight = Sight.of(session, pack, server);
      if (!sight.takesWrites()) {
        return Verdict.unknown(
            server.target() + " is a standby or in recovery, which proves nothing");
      }
      Optional<String> notMeant = sight.notMeant(server);
      if (notMeant.isPresent()) {
        return Verdict.unknown(Sight.notMeantPlainly(server), List.of(notMeant.get()));
      }
      Learned learned = Learned.of(receipt);
      if (learned.isOfAnother(sight.system())) {
        return Verdict.unknown(
            "%s answers as server %s; the access was made on %s"
                .formatted(server.target(), sight.system(), learned.system()));
      }
      Map<String, String> values = new HashMap<>(account.values());
      values.put(Values.IDS, String.join(",", learned.ids()));
      List<List<String>> rows =
          new ArrayList<>(session.query(sight.statements().query(Verb.VERIFY), values));
      if (learned.mayHaveBeenOpened()) {
        rows.addAll(onStandbys(session, sight, account, learned, values, limits));
      }
      if (isPutBack(session, sight, account)) {
        rows.add(
            row(
                Word.UNKNOWN,
                server.target()
                    + " remembers less than it was told: it was restored, or is a copy"));
      }
      return verdict(sight, rows);
    } catch (SqlFailure e) {
      return e.asVerdict();
    } catch (ConnectorException e) {
      return Verdict.unknown(e.getMessage(), List.of(e.detail()));
    }
  }

  /** What is missing on a server that went back may be where it was made. */
  private static boolean isPutBack(Session session, Sight sight, Account account) {
    return account
        .server()
        .told()
        .filter(told -> told.isMoreThan(Witnesses.read(session, sight, account.broker())))
        .isPresent();
  }

  /** What is seen on the standbys, in the same two columns. */
  private List<List<String>> onStandbys(
      Session session,
      Sight sight,
      Account account,
      Learned learned,
      Map<String, String> values,
      Limits limits) {
    Standbys standbys = new Standbys(driver, account.server());
    List<List<String>> rows = new ArrayList<>();
    try {
      standbys.mustBeDeclared(session, sight.statements());
    } catch (Standbys.Unsure e) {
      rows.add(row(Word.UNKNOWN, e.getMessage(), e.detail()));
    }
    String position =
        learned
            .blockedAt()
            .orElseGet(
                () -> session.lines(sight.statements().query(Verb.WRITTEN), Map.of()).get(0));
    for (Standby each : standbys.reachable()) {
      try {
        standbys.at(
            each,
            pack,
            sight,
            limits,
            open -> {
              Standbys.replayed(open, position, limits);
              open.session()
                  .query(open.statements().query(Verb.VERIFY), values)
                  .forEach(seen -> rows.add(onStandby(each, seen)));
            });
      } catch (Standbys.Unsure e) {
        rows.add(row(Word.UNKNOWN, e.getMessage(), e.detail()));
      }
    }
    standbys
        .outOfReach()
        .forEach(
            name ->
                rows.add(
                    row(
                        Word.ABSENT,
                        "note: the standby " + name + " is declared unreachable; nobody looked")));
    return rows;
  }

  /** What lets nobody in goes from there when the standby replays its removal. */
  private static List<String> onStandby(Standby standby, List<String> seen) {
    Word word = Word.valueOf(seen.get(0));
    return row(
        word == Word.LEFTOVER ? Word.ABSENT : word,
        "on the standby %s: %s".formatted(standby.name(), seen.get(1)));
  }

  private static List<String> row(Word word, String... texts) {
    List<String> row = new ArrayList<>(List.of(word.name()));
    row.addAll(List.of(texts));
    return row;
  }

  /** The first column of the verify statement, what weighs most first. */
  private enum Word {
    /** Somebody is inside, or could log in. */
    PRESENT,
    /** It cannot be ruled out. */
    UNKNOWN,
    /** It is there and lets nobody in. */
    LEFTOVER,
    ABSENT
  }

  /** What weighs most decides; ABSENT needs a word too. */
  private static Verdict verdict(Sight sight, List<List<String>> rows) {
    Map<Word, String> first = new EnumMap<>(Word.class);
    List<String> evidence = new ArrayList<>();
    evidence.add("server %s, version %d".formatted(sight.system(), sight.version()));
    for (List<String> row : rows) {
      first.putIfAbsent(Word.valueOf(row.get(0)), row.get(1));
      evidence.add(row.get(row.size() - 1));
    }
    Word word = first.isEmpty() ? Word.UNKNOWN : first.keySet().iterator().next();
    String why = first.getOrDefault(word, "the look answered nothing");
    return switch (word) {
      case PRESENT -> Verdict.live(why, evidence);
      case UNKNOWN -> Verdict.unknown(why, evidence);
      case LEFTOVER -> Verdict.leftover(why, evidence);
      case ABSENT -> Verdict.absent(evidence);
    };
  }

  List<Found> sweep(Target target, String broker, Limits limits) {
    Server server = Server.of(target);
    try (Session session = driver.open(server, limits)) {
      Sight sight = Sight.of(session, pack, server).meant(server);
      if (!sight.takesWrites()) {
        throw new ConnectorException(
            server.target() + " is a standby or in recovery, which may show what is long gone",
            true);
      }
      Map<String, String> values = values(server);
      values.put(Values.BROKER_ID, broker);
      List<Found> all = new ArrayList<>();
      for (List<String> row : session.query(sight.statements().query(Verb.SWEEP), values)) {
        found(target, broker, sight, Seen.of(row)).ifPresent(all::add);
      }
      return all;
    } catch (SqlFailure e) {
      throw e.asException();
    }
  }

  private Optional<Found> found(Target target, String broker, Sight sight, Seen seen) {
    return Names.grant(seen.name(), broker)
        .map(
            grant -> {
              Optional<Mark> mark =
                  seen.mark()
                      .filter(its -> its.grant().equals(grant) && its.broker().equals(broker));
              Account account = Account.of(pack.kind(), target, broker, grant, mark.orElse(null));
              return new Found(seen.name(), mark, seen.open(), account.handle());
            });
  }

  Checked check(Target target, Limits limits) {
    List<Finding> findings = new ArrayList<>();
    Optional<String> system = Optional.empty();
    Optional<Sight.Clock> clock = Optional.empty();
    try {
      Server server = Server.of(target);
      try (Session session = driver.open(server, limits)) {
        Sight sight = Sight.of(session, pack, server);
        system = Optional.of(sight.system());
        clock = sight.clock();
        if (!sight.takesWrites()) {
          findings.add(
              Finding.fatal(server.target() + " is a standby or in recovery; name the primary"));
        }
        for (List<String> row :
            session.query(sight.statements().query(Verb.CHECK), values(server))) {
          findings.add(new Finding(Finding.Severity.valueOf(row.get(0)), row.get(1)));
        }
        if (sight.takesWrites()) {
          findings.addAll(new Standbys(driver, server).problems(pack, sight, session, limits));
        }
      }
    } catch (SqlFailure e) {
      findings.add(e.asFinding());
    } catch (ConnectorException e) {
      findings.add(Finding.fatal(e.getMessage(), e.detail()));
    } catch (IllegalArgumentException e) {
      findings.add(Finding.fatal(e.getMessage()));
    }
    return new Checked(findings, system, clock.map(Sight.Clock::now));
  }

  Described describe(Target target, Wanted wanted, Limits limits) {
    Server server = Server.of(target);
    Map<String, String> values = values(server);
    values.put(Values.GROUP, wanted.group());
    values.put(Values.DATABASE, wanted.database());
    values.put(Values.LEVEL, wanted.level().word());
    try (Session session = driver.open(server, limits)) {
      Sight sight = Sight.of(session, pack, server).meant(server);
      List<String> refusals = session.lines(sight.statements().query(Verb.REFUSALS), values);
      try (Session there = driver.open(server, wanted.database(), sight.version(), limits)) {
        return new Described(
            there.lines(sight.statements().query(Verb.GIVES), values),
            there.lines(sight.statements().query(Verb.EVERYONE), values),
            refusals);
      } catch (SqlFailure e) {
        return new Described(List.of(), List.of(), and(refusals, e.getMessage()));
      }
    } catch (SqlFailure e) {
      throw e.asException();
    }
  }

  /** What cannot be read cannot be shown to an approver, so it cannot be asked for. */
  private static List<String> and(List<String> refusals, String why) {
    List<String> all = new ArrayList<>(refusals);
    all.add("what it gives could not be read: " + why);
    return all;
  }

  private static Map<String, String> values(Server server) {
    Map<String, String> values = new HashMap<>();
    values.put(Values.MAINTENANCE, server.maintenance());
    values.put(Values.BROKER, server.user());
    values.put(Values.ESTATE, Account.ESTATE);
    return values;
  }
}

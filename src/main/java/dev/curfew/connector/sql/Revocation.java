package dev.curfew.connector.sql;

import dev.curfew.connector.ConnectorException;
import dev.curfew.connector.Limits;
import dev.curfew.connector.Outcome;
import dev.curfew.connector.Progress;
import dev.curfew.connector.Receipt;
import dev.curfew.connector.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Takes one account away: BLOCK, KILL, CLEAN. Each step reads anew what is there, so it does not
 * matter where an earlier call stopped.
 */
final class Revocation {

  private static final Duration SOON = Duration.ofSeconds(1);
  private static final int MOST_TRIES = 5;
  private static final int MOST_AT_ONCE = 200;
  private static final Duration BETWEEN_KILLS = Duration.ofMillis(100);

  /** Less than this is waited for in the call, since another costs a connection. */
  private static final Duration WORTH_A_CALL = Duration.ofMillis(500);

  /** A login that had passed its checks before BLOCK may show up this much later. */
  static final Duration SECOND_LOOK = Duration.ofSeconds(2);

  private final SqlPack pack;
  private final Driver driver;
  private final Account account;
  private final Progress progress;
  private final Limits limits;
  private final Duration secondLook;

  private Session session;
  private Sight sight;
  private Learned learned;
  private final Standbys standbys;
  private List<Seen> ours = List.of();
  private boolean isDead;

  Revocation(
      SqlPack pack,
      Driver driver,
      Account account,
      Receipt receipt,
      Progress progress,
      Limits limits,
      Duration secondLook) {
    this.secondLook = secondLook;
    this.pack = pack;
    this.driver = driver;
    this.account = account;
    this.learned = Learned.of(receipt);
    this.standbys = new Standbys(driver, account.server());
    this.progress = progress;
    this.limits = limits;
  }

  /** Ends a revocation early with its outcome. */
  private static final class Stop extends RuntimeException {
    private final Outcome outcome;

    Stop(Outcome outcome) {
      super(null, null, false, false);
      this.outcome = outcome;
    }

    static Stop again(String why) {
      return new Stop(new Outcome.Again(SOON, why, true));
    }
  }

  Outcome run() {
    try (Session opened = driver.open(account.server(), limits)) {
      session = opened;
      sight = Sight.of(session, pack, account.server());
      if (!sight.takesWrites()) {
        return Provisioning.notWritable(account.server());
      }
      Optional<String> notMeant = sight.notMeant(account.server());
      if (notMeant.isPresent()) {
        return anotherServer(notMeant.get());
      }
      if (learned.isOfAnother(sight.system())) {
        return anotherServer(
            "%s answers as another server than the one this access was made on (%s, not %s)"
                .formatted(account.server().target(), sight.system(), learned.system()));
      }
      block();
      kill();
      clean();
      return new Outcome.Done(learned.receipt());
    } catch (Stop e) {
      return e.outcome;
    } catch (Standbys.Unsure e) {
      return new Outcome.Again(SOON, e.getMessage(), e.detail(), true);
    } catch (SqlFailure e) {
      // as one that was never reached, whoever waits is woken when it answers again; but to clean
      // up may take longer than a call has at a server that answers well, and that it refuses one
      // of its databases is an answer
      boolean mayBeDown = session == null || (e.isCutOff() && !(e.isLate() && isDead));
      return new Outcome.Again(SOON, e.getMessage(), e.detail(), !mayBeDown);
    }
  }

  /** What is not found on another server may live on where it was made, so no step is done. */
  private Outcome anotherServer(String detail) {
    return new Outcome.Again(
        Provisioning.ANOTHER_SERVER,
        Sight.notMeantPlainly(account.server()),
        detail + "; nothing was changed there",
        false);
  }

  private void block() {
    ours = find();
    if (ours.isEmpty()) {
      rememberPosition();
      report(
          Step.BLOCK,
          List.of("no role %s or %s exists".formatted(account.role(), account.blocked())));
      return;
    }
    rememberIds();
    boolean nameIsFree = ours.stream().noneMatch(this::isRenamed);
    boolean canEnter = ours.stream().anyMatch(Seen::open);
    boolean isClosed = !nameIsFree && !canEnter;
    if (!isClosed && learned.saysItIsClosed()) {
      // if this call died after BLOCK, the next would take an earlier end for this one
      throw new Stop(new Outcome.Later(Duration.ZERO, learned.open().receipt(), canEnter));
    }
    for (Seen each : ours) {
      List<String> changes = new ArrayList<>(sight.statements().changes(Verb.BLOCK));
      if (!isRenamed(each) && nameIsFree) {
        changes.addAll(sight.statements().changes(Verb.RENAME));
      }
      blockOne(each, changes);
    }
    ours = find();
    rememberPosition();
    report(
        Step.BLOCK,
        ours.stream()
            .map(each -> "role %s (oid %s) cannot log in".formatted(each.name(), each.id()))
            .toList());
  }

  /**
   * An account may change its own password, and so hold its own row: in a session, in a prepared
   * transaction, or again and again. Then its sessions are ended first, in the same transaction.
   */
  private void blockOne(Seen each, List<String> changes) {
    try {
      session.change(changes, now(each));
    } catch (SqlFailure first) {
      List<String> killFirst = new ArrayList<>(sight.statements().changes(Verb.KILL));
      killFirst.addAll(changes);
      for (int tries = 1; ; tries++) {
        try {
          session.change(sight.statements().changes(Verb.KILL), now(each));
          rollBackPrepared(new ArrayList<>());
          session.change(killFirst, now(each));
          return;
        } catch (SqlFailure e) {
          if (tries == MOST_TRIES || limits.isOver()) {
            throw e;
          }
        }
      }
    }
  }

  private boolean isRenamed(Seen each) {
    return each.name().equals(account.blocked());
  }

  private void rememberIds() {
    Set<String> ids = new HashSet<>();
    ours.forEach(each -> ids.add(each.id()));
    learned = learned.withIds(ids);
    if (learned.system().isEmpty()) {
      learned = learned.on(sight.system());
    }
    if (ours.stream().anyMatch(Seen::open)) {
      learned = learned.opened(true);
    } else if (!learned.saysWhetherOpened()) {
      learned = learned.opened(ours.stream().anyMatch(this::isRenamed));
    }
  }

  /** What a standby must have replayed before nobody can get in there any more. */
  private void rememberPosition() {
    if (learned.blockedAt().isEmpty() && !standbys.reachable().isEmpty()) {
      learned =
          learned.blockedAt(session.lines(sight.statements().query(Verb.WRITTEN), Map.of()).get(0));
    }
  }

  /**
   * The accounts there that are this grant's. One that has the name and not the mark is somebody
   * else's, and is not touched.
   */
  private List<Seen> find() {
    List<Seen> mine = new ArrayList<>();
    for (Seen seen : Seen.find(session, sight.statements(), values())) {
      boolean hasName = seen.name().equals(account.role()) || isRenamed(seen);
      boolean hasMark = seen.mark().filter(account::owns).isPresent();
      if (hasMark || (hasName && learned.ids().contains(seen.id()))) {
        mine.add(seen);
      } else if (hasName) {
        throw new Stop(
            new Outcome.Refused(
                "role %s on %s does not carry this grant's mark; it was not touched"
                    .formatted(seen.name(), account.server().target())));
      }
    }
    return mine;
  }

  private void kill() {
    int ended = learned.ended().orElse(0);
    if (!learned.ids().isEmpty()) {
      int found = killAll(session, sight.statements());
      if (learned.mayHaveBeenOpened()) {
        found += killOnStandbys();
        if (learned.ended().isEmpty() || found > 0) {
          awaitSecondLook(ended + found);
          found += killAll(session, sight.statements());
          found += killOnStandbys();
        }
      }
      ended += found;
      learned = learned.ended(ended);
    }
    List<String> facts = new ArrayList<>(List.of("sessions ended: " + ended, "no session is left"));
    if (learned.mayHaveBeenOpened()) {
      standbys.reachable().forEach(each -> facts.add("nor on the standby " + each.name()));
    }
    report(Step.KILL, facts);
    isDead = true;
  }

  /** Nobody need wait here: many that end at once would each keep a hand from the others. */
  private void awaitSecondLook(int ended) {
    if (secondLook.compareTo(WORTH_A_CALL) > 0) {
      throw new Stop(new Outcome.Later(secondLook, learned.ended(ended).receipt(), false));
    }
    pause(secondLook);
  }

  /** On each of them, even if one cannot be seen to, which stops the step. */
  private int killOnStandbys() {
    AtomicInteger ended = new AtomicInteger();
    Optional<Standbys.Unsure> unsure = Optional.empty();
    for (Standby each : standbys.reachable()) {
      try {
        standbys.at(each, pack, sight, limits, open -> ended.addAndGet(killOn(open)));
      } catch (Standbys.Unsure e) {
        unsure = unsure.or(() -> Optional.of(e));
      }
    }
    unsure.ifPresent(
        e -> {
          throw e;
        });
    standbys.mustBeDeclared(session, sight.statements());
    return ended.get();
  }

  private int killOn(Standbys.Open standby) {
    standby.session().change(standby.statements().changes(Verb.KILL), values());
    Standbys.replayed(standby, learned.blockedAt().orElseThrow(), limits);
    return killAll(standby.session(), standby.statements());
  }

  /** How many different sessions it saw before there were none. */
  private int killAll(Session at, Statements statements) {
    Set<String> seen = new HashSet<>();
    while (true) {
      List<List<String>> open = at.query(statements.query(Verb.SESSIONS), values());
      if (open.isEmpty()) {
        return seen.size();
      }
      open.forEach(row -> seen.add(row.get(0)));
      if (limits.isOver()) {
        throw Stop.again(open.get(0).get(1) + " does not end; trying on");
      }
      at.change(statements.changes(Verb.KILL), values());
      pause(BETWEEN_KILLS);
    }
  }

  private void clean() {
    List<String> facts = new ArrayList<>();
    rollBackPrepared(facts);
    for (Seen each : ours) {
      cleanPlaces(each, facts);
      session.change(sight.statements().changes(Verb.DROP), now(each));
      facts.add("role %s (oid %s) is dropped".formatted(each.name(), each.id()));
    }
    if (facts.isEmpty()) {
      facts.add("nothing was left to remove");
    }
    learned = learned.notLooked(); // if it is ever there again, it is looked for twice again
    report(Step.CLEAN, facts);
  }

  private void rollBackPrepared(List<String> facts) {
    for (List<String> row : session.query(sight.statements().query(Verb.PREPARED), values())) {
      String database = row.get(0);
      String name = row.get(1);
      Seen owner =
          ours.stream()
              .filter(each -> each.id().equals(row.get(2)))
              .findFirst()
              .orElseThrow(
                  () ->
                      Stop.again(
                          "prepared transaction \"%s\" in database %s outlived its role; a superuser must roll it back there"
                              .formatted(name, database)));
      Map<String, String> values = now(owner);
      values.put(Values.PREPARED, name);
      try (Session place = driver.open(account.server(), database, sight.version(), limits)) {
        place.changeOneByOne(sight.statements().changes(Verb.ROLL_BACK), values);
      }
      facts.add(
          "prepared transaction \"%s\" in database %s is rolled back".formatted(name, database));
    }
  }

  private void cleanPlaces(Seen each, List<String> facts) {
    List<String> remains = new ArrayList<>();
    for (String place : session.lines(sight.statements().query(Verb.PLACES), now(each))) {
      try (Session there = driver.open(account.server(), place, sight.version(), limits)) {
        leavesBehind(there, each);
        cleanInParts(there, each);
        remains.addAll(there.lines(sight.statements().query(Verb.REMAINS), now(each)));
      } catch (SqlFailure e) {
        if (!e.is(SqlFailure.NO_SUCH_DATABASE)) {
          throw e;
        }
        facts.add("database " + place + " is gone, and what was in it");
      }
    }
    if (!remains.isEmpty()) {
      throw Stop.again(
          "role %s cannot be dropped: others gave it rights on %s; who gave them must REVOKE them"
              .formatted(each.name(), String.join(", ", remains)));
    }
  }

  /** On record before it changes hands: a later call would not find it. */
  private void leavesBehind(Session there, Seen each) {
    List<String> left =
        there.lines(sight.statements().query(Verb.LEFT_BEHIND), now(each)).stream()
            .map(what -> "left behind, now of " + Account.ESTATE + ": " + what)
            .toList();
    if (!left.isEmpty()) {
      report(Step.KILL, left);
    }
  }

  /**
   * One thing may need many locks, as a table does with its indexes: then the parts are smaller.
   */
  private void cleanInParts(Session there, Seen each) {
    Map<String, String> values = now(each);
    for (int part = MOST_AT_ONCE; ; part = Math.max(1, part / 10)) {
      values.put(Values.PART, Integer.toString(part));
      try {
        while (!there.query(sight.statements().query(Verb.MANY), values).isEmpty()) {
          there.change(sight.statements().changes(Verb.CLEAN_PART), values);
        }
        there.change(sight.statements().changes(Verb.CLEAN), values);
        return;
      } catch (SqlFailure e) {
        if (!e.is(SqlFailure.OUT_OF_LOCKS) || part == 1) {
          throw e;
        }
      }
    }
  }

  private void report(Step step, List<String> facts) {
    if (!progress.done(step, learned.receipt(), facts)) {
      throw Stop.again("somebody else took the revocation over");
    }
  }

  private Map<String, String> values() {
    Map<String, String> values = new HashMap<>(account.values());
    values.put(Values.IDS, String.join(",", learned.ids()));
    return values;
  }

  /** The values for one account of possibly two: its own id and name. */
  private Map<String, String> now(Seen each) {
    Map<String, String> values = new HashMap<>(account.values());
    values.put(Values.IDS, each.id());
    values.put(Values.NOW, each.name());
    return values;
  }

  private void pause(Duration pause) {
    try {
      TimeUnit.NANOSECONDS.sleep(limits.atMost(pause).toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConnectorException("the broker is stopping", true);
    }
  }
}

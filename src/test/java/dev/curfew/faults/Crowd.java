package dev.curfew.faults;

import dev.curfew.Clocks;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Engineers, each with somebody who agrees, who ask, enter and leave again and again, by whichever
 * node answers, and who take no death of a node for an answer: so that grants are in flight at
 * every stage. Half of them give back; the time of the others ends.
 */
final class Crowd {

  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Duration INSIDE = Duration.ofSeconds(3);
  private static final Duration LOOKS_EVERY = Duration.ofMillis(500);

  private final Fleet fleet;
  private final Observer observer;
  private final int size;
  private final ExecutorService hands;
  private final AtomicInteger lives = new AtomicInteger();
  private final AtomicInteger failed = new AtomicInteger();
  private volatile boolean going = true;
  private volatile Throwable why;

  Crowd(Fleet fleet, Observer observer, int size) {
    this.fleet = fleet;
    this.observer = observer;
    this.size = size;
    this.hands = Executors.newFixedThreadPool(size);
  }

  void start() {
    List<String> targets = List.copyOf(fleet.targets.keySet());
    for (int i = 0; i < size; i++) {
      String target = targets.get(i % targets.size());
      boolean givesBack = i % 2 == 0;
      hands.execute(
          () -> {
            try {
              Fleet.Person erin = fleet.person("engineering");
              Fleet.Person ann = fleet.person("dba-oncall");
              while (going) {
                live(erin, ann, target, givesBack);
                lives.incrementAndGet();
              }
            } catch (RuntimeException | Error | SQLException e) {
              failed.incrementAndGet();
              why = e;
            }
          });
    }
  }

  /** Throws when somebody did not get what they were promised. */
  void refuseFailure() {
    if (failed.get() > 0) {
      throw new AssertionError(failed + " engineers gave up", why);
    }
  }

  /** Lets everybody finish what they began. */
  void finish() throws InterruptedException {
    going = false;
    hands.shutdown();
    if (!hands.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      hands.shutdownNow();
      throw new AssertionError("the crowd did not come to its end within " + PATIENCE);
    }
    refuseFailure();
  }

  /** How many grants were asked for, entered, ended and proven gone. */
  int lives() {
    return lives.get();
  }

  private void live(Fleet.Person erin, Fleet.Person ann, String target, boolean givesBack)
      throws SQLException {
    String request = again("ask", node -> ask(node, erin, target)).text("id");
    again("approve", node -> approve(node, erin, ann, request));
    observer.toldApproved(request, Clocks.ofThisMachine());
    String grant =
        again("look", node -> fleet.get(node, erin, "/requests/" + request)).text("grant");
    Fleet.await("making of " + grant, PATIENCE, () -> isMade(grant));
    Fleet.Answer handed = again("pick up", node -> fleet.pickUp(node, erin, grant));
    try (Connection session = fleet.enter(handed)) {
      Fleet.rest(INSIDE);
      if (!session.isValid(5)) {
        throw new AssertionError(grant + " ended before its time");
      }
      if (givesBack) {
        again("give back", node -> giveBack(node, erin, grant));
        observer.toldEnded(grant, Clocks.ofThisMachine());
      } else {
        fleet.run("update access_grant set due_at = clock_timestamp() where id = ?", grant);
      }
      Fleet.await("end of " + grant, PATIENCE, () -> isOver(grant));
      if (session.isValid(5)) {
        throw new AssertionError("a session of " + grant + " outlived it");
      }
    }
  }

  /** Looked for now and then: the crowd must not be the load. */
  private boolean isMade(String grant) {
    Fleet.rest(LOOKS_EVERY);
    return fleet.state(grant).equals("ACTIVE");
  }

  private boolean isOver(String grant) {
    Fleet.rest(LOOKS_EVERY);
    return fleet.state(grant).equals("ENDED");
  }

  /** An ask whose answer was lost is there: it is found instead of made twice. */
  private Fleet.Answer ask(Node node, Fleet.Person erin, String target) {
    Fleet.Answer asked = fleet.ask(node, erin, target, 30);
    if (asked.status() != 409) {
      return asked;
    }
    String known =
        fleet.text(
            "select id from access_request where person = '"
                + erin.id()
                + "' and state = 'PENDING'");
    return known == null ? asked : fleet.get(node, erin, "/requests/" + known);
  }

  /** The same for a vote. */
  private Fleet.Answer approve(Node node, Fleet.Person erin, Fleet.Person ann, String request) {
    Fleet.Answer voted = fleet.approve(node, ann, request);
    if (voted.status() != 409) {
      return voted;
    }
    Fleet.Answer seen = fleet.get(node, erin, "/requests/" + request);
    return seen.text("state").equals("APPROVED") ? seen : voted;
  }

  /** The same for an end. */
  private Fleet.Answer giveBack(Node node, Fleet.Person erin, String grant) {
    Fleet.Answer given = fleet.giveBack(node, erin, grant);
    return given.status() == 409 && !fleet.state(grant).equals("ACTIVE")
        ? new Fleet.Answer(200, given.body())
        : given;
  }

  private Fleet.Answer again(String what, Function<Node, Fleet.Answer> act) {
    Fleet.Answer[] last = new Fleet.Answer[1];
    try {
      Fleet.await(
          what,
          PATIENCE,
          () -> {
            last[0] = act.apply(anyNode());
            if (!last[0].isGood()) {
              Fleet.rest(Duration.ofSeconds(1));
            }
            return last[0].isGood();
          });
    } catch (AssertionError e) {
      throw new AssertionError(what + ": " + last[0], e);
    }
    return last[0];
  }

  private Node anyNode() {
    return fleet.nodes.get(ThreadLocalRandom.current().nextInt(fleet.nodes.size()));
  }
}

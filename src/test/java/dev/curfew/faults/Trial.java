package dev.curfew.faults;

import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.curfew.Clocks;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A fleet under the eyes of an observer that looks each second, and what tests ask of both. */
final class Trial {

  final Fleet fleet;
  final Observer observer;
  private final Watch watch;

  /** The fleet's nodes are up. */
  Trial(Fleet fleet, Bounds bounds) {
    this(fleet, fleet.observer(bounds));
  }

  Trial(Fleet fleet, Observer observer) {
    this.fleet = fleet;
    this.observer = observer;
    watch = new Watch(observer, Duration.ofSeconds(1));
    fleet.beforeItsEnd(this::end);
  }

  void judge() {
    watch.judge();
  }

  /** A grant that was asked for and agreed to at this node; answers its id. */
  String agreed(Node node, Fleet.Person asks, Fleet.Person agrees, String target) {
    String request = Fleet.must(fleet.ask(node, asks, target, 60)).text("id");
    Fleet.must(fleet.approve(node, agrees, request));
    observer.toldApproved(request, now());
    return fleet.get(node, asks, "/requests/" + request).text("grant");
  }

  Duration awaitState(String state, List<String> grants, Duration atMost) {
    return Fleet.await(
        grants.size() + " grants are " + state,
        atMost,
        () -> grants.stream().allMatch(grant -> fleet.state(grant).equals(state)));
  }

  List<Connection> enterAll(List<Fleet.Made> grants) {
    List<Connection> inside = fleet.enterAll(grants);
    assertFalse(inside.isEmpty(), "somebody is inside");
    return inside;
  }

  static Instant now() {
    return Clocks.ofThisMachine();
  }

  /** The observer looks no more, as when the fleet ends. */
  void end() {
    watch.end();
  }
}

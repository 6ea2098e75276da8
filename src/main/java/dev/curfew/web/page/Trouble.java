package dev.curfew.web.page;

import dev.curfew.request.OperationsView;
import dev.curfew.request.OperationsView.AtTarget;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * One thing that should not be as it is. The bounds are those of deploy/alerts.yml, without its
 * waiting: a page is looked at, an alert wakes somebody.
 *
 * @param tone {@code bad} when access may outlive its end or none is given; else {@code wait}
 * @param alert the part of docs/alerts.md that says what to do
 */
public record Trouble(String tone, String text, String alert) {

  private static final double LATE = 30;
  private static final double VERY_LATE = 120;
  private static final double QUEUE_STANDS = 60;
  static final double DRIFTING = 5;
  static final double APART = 30;
  private static final double UNNUMBERED = 10;
  private static final long OFTEN = 3;

  /** The worst first. */
  static List<Trouble> of(OperationsView view) {
    List<Trouble> all = new ArrayList<>();
    view.targets().forEach(at -> live(all, at));
    if (view.quarantine().on()) {
      all.add(
          new Trouble(
              "bad",
              "The store went back in time. Nothing new is given until an administrator has looked.",
              "curfewquarantine"));
    }
    if (!view.revokeOnly().isEmpty()) {
      all.add(
          new Trouble(
              "bad",
              "This node only takes access away until its settings, packs or rules are mended.",
              "curfewrevokeonly"));
    }
    clocks(all, view.clock().storeBehindSeconds(), "The store's clock is %s behind its past");
    clocks(
        all, view.clock().machineApartSeconds(), "This node's clock and the store's are %s apart");
    view.targets().forEach(at -> others(all, at));
    if (view.history().waitingSeconds() > UNNUMBERED) {
      all.add(
          new Trouble(
              "wait",
              "An entry of the history has waited "
                  + Wording.late(view.history().waitingSeconds())
                  + " for its number: lists and exports are not whole.",
              "curfewhistoryunnumbered"));
    }
    if (view.takenOver() > OFTEN) {
      all.add(
          new Trouble(
              "wait",
              view.takenOver()
                  + " calls were taken over in the last hour: nodes die or stand still.",
              "curfewcallstakenover"));
    }
    all.sort(Comparator.comparing(trouble -> !trouble.tone().equals("bad")));
    return all;
  }

  private static void live(List<Trouble> all, AtTarget at) {
    if (at.stuckLive() > 0) {
      all.add(
          new Trouble(
              "bad",
              at.id()
                  + ": "
                  + Wording.grants(at.stuckLive())
                  + " may still be live, "
                  + Wording.late(at.stuckLiveSeconds())
                  + " past the end."
                  + overstaying(at),
              "curfewaccessmaystillbelive"));
    } else if (at.overdueLiveSeconds() > LATE) {
      boolean very = at.overdueLiveSeconds() > VERY_LATE;
      all.add(
          new Trouble(
              very ? "bad" : "wait",
              at.id()
                  + ": an end is not proven "
                  + Wording.late(at.overdueLiveSeconds())
                  + " after it was due, and somebody may be inside.",
              very ? "curfewrevocationverylate" : "curfewrevocationlate"));
    }
  }

  private static String overstaying(AtTarget at) {
    if (at.overstaying() == 0) {
      return "";
    }
    String which =
        at.overstaying() < at.stuckLive()
            ? "away " + at.overstaying() + " of them"
            : at.overstaying() == 1 ? "it away" : "them away";
    return " Nobody takes "
        + which
        + " yet: since Curfew started, or since its store went back, the target could not be asked"
        + " how far it knew Curfew; or no node gets to it.";
  }

  private static void others(List<Trouble> all, AtTarget at) {
    if (!at.open()) {
      all.add(new Trouble("wait", at.id() + " takes no new grants.", "curfewtargetclosed"));
    }
    if (at.waitingSeconds() > QUEUE_STANDS) {
      all.add(
          new Trouble(
              "wait",
              at.id()
                  + ": a call has been due for "
                  + Wording.late(at.waitingSeconds())
                  + " and no worker takes it.",
              "curfewqueuestands"));
    }
    if (at.stuckLeftover() > 0) {
      all.add(
          new Trouble(
              "wait",
              at.id()
                  + ": something is left of "
                  + Wording.grants(at.stuckLeftover())
                  + " that nobody can use any more.",
              "curfewleftover"));
    }
  }

  private static void clocks(List<Trouble> all, double seconds, String words) {
    if (seconds > APART) {
      all.add(
          new Trouble(
              "bad",
              words.formatted(Wording.late(seconds)) + "; no new access is given.",
              "curfewclocksapart"));
    } else if (seconds > DRIFTING) {
      all.add(
          new Trouble("wait", words.formatted(Wording.late(seconds)) + ".", "curfewclocksdrift"));
    }
  }
}

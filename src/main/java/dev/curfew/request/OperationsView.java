package dev.curfew.request;

import java.time.Instant;
import java.util.List;

/**
 * What an operator looks at. Figures about grants are of all nodes together; whether targets
 * answer, the clocks, and what is wrong with the settings are as the answering node sees them.
 *
 * @param at of when the figures are
 * @param takenOver calls taken over in the last hour because their worker's lease ran out
 * @param revokeOnly why the answering node only takes access away, each with its mend; empty when
 *     it gives, too
 */
public record OperationsView(
    Instant at,
    List<AtTarget> targets,
    Ends ends,
    long takenOver,
    ClockView clock,
    HistoryLag history,
    QuarantineState quarantine,
    List<String> revokeOnly) {

  /**
   * One target. Seconds are 0 where there is nothing to count from.
   *
   * @param open whether it takes new grants
   * @param lastAnswer why it does not, with addresses and the driver's words; null while it does
   * @param checkedAt when the answering node last asked it; null when it did not yet
   * @param live grants whose end is not decided
   * @param waiting calls that are due and in nobody's hand
   * @param waitingSeconds how long the oldest of them has been due
   * @param inHand calls under way, on any node
   * @param overdueSeconds how long ago the oldest end was due that is not proven
   * @param overdueLiveSeconds the same of those after which somebody may still be inside
   * @param stuckLive grants past their end that may still be live
   * @param stuckLiveSeconds how long ago the oldest of them should have been over
   * @param overstaying those of them that nobody began to take away
   * @param stuckLeftover grants that nobody can use any more, with something left to remove
   * @param stuckLeftoverSeconds how long ago the oldest of them should have been over
   */
  public record AtTarget(
      String id,
      String title,
      boolean open,
      String lastAnswer,
      Instant checkedAt,
      long live,
      long waiting,
      double waitingSeconds,
      long inHand,
      double overdueSeconds,
      double overdueLiveSeconds,
      long stuckLive,
      double stuckLiveSeconds,
      long overstaying,
      long stuckLeftover,
      double stuckLeftoverSeconds) {}

  /**
   * How late the latest ends were, from the end being due to no session being left.
   *
   * @param count of how many: at most 100
   * @param worstGrant the latest of them; null without any
   */
  public record Ends(int count, double medianSeconds, double worstSeconds, String worstGrant) {}

  /**
   * How far the numbering of the history is.
   *
   * @param upTo the last number
   * @param waiting entries without a number
   * @param waitingSeconds how long the oldest of them waits
   */
  public record HistoryLag(long upTo, long waiting, double waitingSeconds) {}

  /**
   * Whether the store was found to have gone back in time.
   *
   * @param since null while there is none
   * @param differences what differs between the store and the targets
   * @param undecided those that nobody decided about yet
   * @param generation 1 as long as it never was; raised by the end of each quarantine
   */
  public record QuarantineState(
      boolean on, Instant since, int differences, int undecided, long generation) {}

  public OperationsView {
    targets = List.copyOf(targets);
    revokeOnly = List.copyOf(revokeOnly);
  }
}

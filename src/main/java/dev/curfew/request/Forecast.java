package dev.curfew.request;

import java.time.Duration;
import java.util.List;

/**
 * What would come of an ask, before it is made.
 *
 * @param words one sentence: "two approvers of dba-oncall, because the window is longer than 2 h"
 * @param stages who would have to agree; empty unless the answer is {@link Answer#ASK}
 * @param rules every rule that covers the entitlement, and whether it stands in the way
 * @param problems why the ask would be refused as it stands, one sentence each; empty when it would
 *     not
 * @param mends the shortest ways to pass
 * @param effects what the access would do
 * @param existing id of an open or live request for the same thing that the ask would lead to; null
 *     when there is none
 */
public record Forecast(
    String entitlement,
    Duration longest,
    Answer answer,
    String words,
    List<StageView> stages,
    List<Rule> rules,
    List<String> problems,
    List<String> mends,
    List<String> effects,
    String guarantee,
    String residual,
    Duration askWithin,
    Duration claimBy,
    Duration lapseAfter,
    boolean pickUpByPasskey,
    String existing) {

  /** What the rules say. */
  public enum Answer {
    ALLOW,
    ASK,
    DENY
  }

  /**
   * One rule's part in it.
   *
   * @param passes whether it stands in nobody's way
   */
  public record Rule(String name, boolean passes, String effect, String text) {}

  public Forecast {
    stages = List.copyOf(stages);
    rules = List.copyOf(rules);
    problems = List.copyOf(problems);
    mends = List.copyOf(mends);
    effects = List.copyOf(effects);
  }

  /** Whether the ask would be accepted as it stands. */
  public boolean wouldPass() {
    return problems.isEmpty();
  }
}

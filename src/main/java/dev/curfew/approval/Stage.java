package dev.curfew.approval;

import java.time.Duration;
import java.util.List;

/**
 * Who must agree: {@code needed} different people of {@code group}.
 *
 * @param name what people see, for example {@code dba-oncall}
 * @param group whose members may vote
 * @param needed how many of them must approve, at least one
 * @param acceptCode whether a code is enough as the voter's proof; if not, it must be a passkey
 * @param claimBy how long after the approval the access may wait to be picked up
 * @param lapseAfter how long the request waits for its votes
 * @param because why each rule asks for this, in words fit after "because"; empty when it always
 *     does
 */
public record Stage(
    String name,
    String group,
    int needed,
    boolean acceptCode,
    Duration claimBy,
    Duration lapseAfter,
    List<String> because) {

  private static final List<String> NUMBERS =
      List.of("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine");

  public Stage {
    if (needed < 1) {
      throw new IllegalArgumentException("a stage needs at least one approver");
    }
    because = List.copyOf(because);
  }

  /** "two approvers of dba-oncall, because the window is longer than 2 h". */
  public String words() {
    String count = needed < NUMBERS.size() ? NUMBERS.get(needed) : Integer.toString(needed);
    String who = count + (needed == 1 ? " approver of " : " approvers of ") + group;
    return because.isEmpty() ? who : who + ", because " + String.join(", and ", because);
  }
}

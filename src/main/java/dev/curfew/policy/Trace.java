package dev.curfew.policy;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a decision came about, kept with the request: whoever has the snapshot of this digest can
 * decide it again. Plain values only, so that it can be written as JSON.
 *
 * @param snapshot digest of the packs and rules
 * @param facts what the rules looked at
 * @param rules every rule that covers the entitlement, by name
 * @param decision {@code allow}, {@code ask} or {@code deny}
 * @param why one sentence each
 */
public record Trace(
    String snapshot,
    Map<String, Object> facts,
    List<Tried> rules,
    String decision,
    List<String> why) {

  /**
   * One rule's result.
   *
   * @param effect what it does when it matches: {@code allow}, {@code ask: two approvers of
   *     dba-oncall}, {@code deny}
   * @param passes whether it stands in nobody's way here: a deny that did not match, or an ask or
   *     allow that did
   * @param text why, fit for the asker
   */
  public record Tried(
      String rule,
      String file,
      int line,
      String effect,
      Result result,
      boolean passes,
      String text) {}

  /** What came of trying one rule. */
  public enum Result {
    MATCHED,
    /** The asker is in none of the groups it is for. */
    OTHER_PEOPLE,
    /** Its condition is false. */
    NOT_MET,
    /** Its condition could not be worked out: it denies what it covers. */
    ERROR
  }

  public Trace {
    facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    rules = List.copyOf(rules);
    why = List.copyOf(why);
  }
}

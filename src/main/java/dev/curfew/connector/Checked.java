package dev.curfew.connector;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a check saw at a target.
 *
 * @param server what tells the server that answered from every other; empty when none answered, or
 *     when servers of its kind do not say
 * @param clock the time there now, by which it refuses logins itself; empty likewise
 */
public record Checked(List<Finding> findings, Optional<String> server, Optional<Instant> clock) {

  public Checked {
    findings = List.copyOf(findings);
  }

  /** Nothing that says who it is answered. */
  public static Checked of(List<Finding> findings) {
    return new Checked(findings, Optional.empty(), Optional.empty());
  }
}

package dev.curfew.connector;

import java.util.List;

/**
 * What a look at the target saw.
 *
 * @param evidence what was read, one line each; stored as the proof of revocation
 */
public record Verdict(Presence presence, List<String> evidence) {

  public Verdict {
    evidence = List.copyOf(evidence);
  }
}

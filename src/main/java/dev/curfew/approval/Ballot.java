package dev.curfew.approval;

import java.util.Set;

/**
 * One person's vote that may count: the caller has already refused or left out the requester's own,
 * and votes of people who lost the right since.
 *
 * @param voter the person's id
 * @param groups the groups the voter is in now
 * @param byCode whether the proof was a code and not a passkey
 */
public record Ballot(String voter, Choice choice, Set<String> groups, boolean byCode) {

  public Ballot {
    groups = Set.copyOf(groups);
  }

  /** Whether this vote may count for the stage. */
  boolean fits(Stage stage) {
    return groups.contains(stage.group()) && (!byCode || stage.acceptCode());
  }
}

package dev.curfew.connector;

import java.util.List;

/**
 * What will be done, decided before anything is.
 *
 * @param effects one sentence each, read by the approver and hashed into the vote
 */
public record Plan(Handle handle, List<String> effects) {

  public Plan {
    effects = List.copyOf(effects);
  }
}

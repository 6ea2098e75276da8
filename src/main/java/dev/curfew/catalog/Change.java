package dev.curfew.catalog;

import java.util.List;

/**
 * One file that differs between the accepted snapshot and a proposal.
 *
 * @param file its name in the snapshot
 * @param how whether it was added, removed or changed
 * @param lines a unified diff: each line begins with {@code ' '}, {@code '+'}, {@code '-'} or
 *     {@code '@'}
 */
public record Change(String file, How how, List<String> lines) {

  /** What happened to the file. */
  public enum How {
    ADDED,
    REMOVED,
    CHANGED
  }

  public Change {
    lines = List.copyOf(lines);
  }
}

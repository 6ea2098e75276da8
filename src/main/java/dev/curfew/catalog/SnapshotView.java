package dev.curfew.catalog;

import java.time.Instant;
import java.util.List;

/**
 * A snapshot as people see it.
 *
 * @param digest SHA-256 over all its files, lower-case hex
 * @param state where it stands
 * @param at when it was accepted, or first seen as a proposal
 * @param by who accepted it: a person's id, {@code configuration} or {@code demo}; null for a
 *     proposal
 * @param seenOn the nodes whose files it is, newest first
 */
public record SnapshotView(
    String digest, State state, Instant at, String by, List<String> seenOn, List<String> files) {

  /** Where a snapshot stands. */
  public enum State {
    PROPOSED,
    ACCEPTED,
    /** Was accepted before; another is now. */
    REPLACED
  }

  public SnapshotView {
    seenOn = List.copyOf(seenOn);
    files = List.copyOf(files);
  }
}

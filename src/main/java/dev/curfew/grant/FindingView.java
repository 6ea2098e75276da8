package dev.curfew.grant;

import java.time.Instant;

/**
 * Something at a target that no live grant owns.
 *
 * @param name what it is called there
 * @param open whether somebody could enter by it when it was last seen
 * @param markedUntil the end its mark names; null without a readable mark
 * @param released whether an administrator said that it is to be taken away
 * @param words what it is and what happens next, for people
 */
public record FindingView(
    String id,
    String target,
    String name,
    Kind kind,
    boolean open,
    Instant markedUntil,
    Instant firstSeenAt,
    Instant lastSeenAt,
    boolean released,
    String words) {

  /** Whether an administrator's word would take it away sooner. */
  public boolean mayBeReleased() {
    return kind == Kind.ORPHAN && !released;
  }

  /** What it is. */
  public enum Kind {
    /** Ours by its mark, unknown here: taken away when its end and the grace are over. */
    ORPHAN,
    /** Made by another installation that uses our broker id: never touched. */
    FOREIGN,
    /** It has our name and no readable mark: never touched. */
    UNREADABLE
  }
}

package dev.curfew.grant;

import java.time.Instant;

/**
 * One thing about which a store that went back and a target disagree.
 *
 * @param grant whose access it is, by its mark or by this store
 * @param open whether somebody could enter by it when it was last seen
 * @param storeUntil the end this store knows; null when it does not know the grant
 * @param markedUntil the end its mark at the target names; null when it is not there
 * @param revokedAt when this store alone would have it taken away; null when it would not
 * @param choice what an administrator decided; null so far
 * @param words what it is and what happens next, for people
 */
public record DifferenceView(
    String id,
    String target,
    String name,
    Kind kind,
    String grant,
    boolean open,
    Instant storeUntil,
    Instant markedUntil,
    Instant revokedAt,
    Choice choice,
    String decidedBy,
    String words) {

  /** Whether it can be left as it is. */
  public boolean mayBeAdopted() {
    return choice == null && kind != Kind.NOT_AT_TARGET;
  }

  public boolean mayBeRevoked() {
    return choice != Choice.REVOKE;
  }

  /** How store and target differ. */
  public enum Kind {
    /** Ours by its mark, and this store does not know its grant. */
    NOT_IN_STORE,
    /** This store holds it for live, and it is not there. */
    NOT_AT_TARGET,
    /** Both know it; its mark names another end than this store. */
    END_DIFFERS,
    /** Both say the same. Not listed; ends by its mark. */
    SAME
  }

  /** What an administrator decides. */
  public enum Choice {
    /** It stays until the end its mark names. */
    ADOPT,
    /** It is taken away now. */
    REVOKE
  }
}

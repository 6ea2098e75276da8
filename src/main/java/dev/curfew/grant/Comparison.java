package dev.curfew.grant;

import dev.curfew.connector.Witness;
import java.util.Optional;

/** What a target's witness says about this store. */
enum Comparison {
  /** The store is where the witness saw it, or further. */
  SAME,
  /** The target remembers nothing. */
  MISSING,
  /** A quarantine ended since; the target did not hear of it yet. */
  LOWER,
  /** The store lacks what it had: it went back. */
  BACK,
  /** The store lacks the end of a quarantine: it went back. */
  HIGHER,
  /** Another store's broker uses our id there. */
  FOREIGN;

  /**
   * @param entryIsHere whether this store has that entry at that number
   */
  static Comparison of(
      Optional<Witness> there, String installation, long generation, boolean entryIsHere) {
    if (there.isEmpty()) {
      return MISSING;
    }
    Witness witness = there.get();
    if (!witness.installation().equals(installation)) {
      return FOREIGN;
    }
    if (witness.generation() != generation) {
      return witness.generation() < generation ? LOWER : HIGHER;
    }
    return witness.n() == 0 || entryIsHere ? SAME : BACK;
  }

  boolean wentBack() {
    return this == BACK || this == HIGHER;
  }

  /** What that is, in a reason for a quarantine. */
  String words(String whose, Witness witness) {
    return this == HIGHER
        ? "%s remembers generation %d of the store, which this store never had"
            .formatted(whose, witness.generation())
        : "%s remembers entry %d of the history, which this store does not have"
            .formatted(whose, witness.n());
  }
}

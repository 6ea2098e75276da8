package dev.curfew.mfa;

import dev.curfew.audit.Proven;
import java.time.Instant;

/**
 * A proof that was checked and stored; worth one act, once ({@link Proofs#consume}).
 *
 * @param id its number in the history
 * @param kind how strong it is
 * @param credential the passkey's id, or {@code codes}; for a recent proof that of the earlier one
 * @param credentialSince since when that credential may be trusted: its enrolment, or the last use
 *     of a recovery code; the epoch for those of the installation's first day
 * @param at when it was given
 * @param words for people: "passkey, bound to this vote"
 */
public record Proof(
    String id,
    Kind kind,
    String person,
    String credential,
    Instant credentialSince,
    Instant at,
    String words) {

  /** As the history keeps it. */
  public Proven proven() {
    return new Proven(words, id);
  }

  /** From strongest to weakest is not an order: each act says what it accepts. */
  public enum Kind {
    /** A passkey signed exactly this act. */
    BOUND,
    /** Something was proved earlier in this session. */
    RECENT,
    /** A code from an authenticator app: a person, but not this act. */
    CODE
  }
}

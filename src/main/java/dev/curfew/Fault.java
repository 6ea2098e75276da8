package dev.curfew;

import java.util.Locale;

/**
 * The ways to say no. A fault is a stable code of the API ({@link #code()}); which HTTP status it
 * gets is decided in one place, the web's mapper.
 */
public enum Fault {
  /** A value is missing, malformed or out of range; the message names the mend. */
  INVALID,
  UNKNOWN_FIELD,
  ADDRESS_TOO_LONG,
  BODY_TOO_LARGE,
  BODY_TOO_DEEP,
  /** Nobody is signed in, or what signed them in has ended. */
  SIGN_IN_REQUIRED,
  /** User name, password, code or link is wrong; never says which. */
  SIGN_IN_REFUSED,
  /** Signed in by password only: the second factor must be shown or enrolled first. */
  SECOND_FACTOR_REQUIRED,
  /** The act needs a proof of MFA and the call brought none. */
  PROOF_REQUIRED,
  /** The proof is wrong, stale, or made for another act. */
  PROOF_REFUSED,
  /** A code was used before; the next one works. */
  CODE_USED,
  /** The page form lacks or fails the session's token, or came from another site. */
  CROSS_SITE,
  /** Too many tries; {@code retryAfter} says when. */
  THROTTLED,
  /** No such thing, or not for this caller: both look the same. */
  NOT_FOUND,
  /** The caller sees the thing but may not do this to it. */
  NOT_ALLOWED,
  /** A rule denies; the message says which and the shortest way to pass. */
  DENIED_BY_RULE,
  /** The thing's state does not allow the act. */
  WRONG_STATE,
  /** A request was decided already; the message says by whom and when. */
  ALREADY_DECIDED,
  /** Another pick-up or effect of this grant is under way; {@code retryAfter} says when. */
  PICKUP_IN_PROGRESS,
  /** The idempotency key was used with another body. */
  IDEMPOTENCY_MISMATCH,
  /** A secret is shown once; the answer of this key is not repeated. Ask again. */
  NOT_REPEATABLE,
  /** A limit such as open requests per person is reached. */
  LIMIT_REACHED,
  /** What the grant would give changed since it was shown. */
  CHANGED_MEANWHILE,
  /** The target takes no new grants now; the message says why. */
  TARGET_CLOSED,
  /** The target did not answer; the message says what happens next. */
  TARGET_UNAVAILABLE,
  /** The broker's own store does not answer; what was asked for may or may not have happened. */
  STORE_UNAVAILABLE,
  /** The broker only revokes until its configuration is mended. */
  REVOKE_ONLY;

  /** The stable code, for example {@code already-decided}. */
  public String code() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}

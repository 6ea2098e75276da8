package dev.curfew.identity;

/**
 * What a caller is signed in by.
 *
 * @param kind where it came from
 * @param id the session's or token's id; not the secret that opens it
 */
public record Session(Kind kind, String id) {

  /** The ways to be signed in. */
  public enum Kind {
    /** A browser's cookie. */
    PAGE,
    /** A personal token, or the short-lived JWT traded for it. */
    TOKEN,
    /** No person's session: the broker itself, or an operator on its host. */
    HOST,
    /** Nobody is signed in. */
    NONE
  }
}

package dev.curfew.mfa;

import java.time.Duration;

/**
 * Which proof an act asks for.
 *
 * @param recentEnough whether an earlier proof of the same session will do
 * @param maxAge how old that one may be
 * @param codeEnough whether a code will do instead of a passkey's assertion over this very act
 */
public record Need(boolean recentEnough, Duration maxAge, boolean codeEnough) {

  /** A request: recent or fresh, a passkey or a code. */
  public static Need ask(Duration maxAge) {
    return new Need(true, maxAge, true);
  }

  /** A vote: bound to it, or a code where the rule accepts one. */
  public static Need vote(boolean acceptCode) {
    return fresh(acceptCode);
  }

  /** A pick-up: bound to it, or a code unless the rule wants a passkey. */
  public static Need pickUp(boolean passkeyOnly) {
    return fresh(!passkeyOnly);
  }

  /**
   * An administrator's act, a token or a key: bound, or a code where the installation accepts it.
   */
  public static Need admin(boolean acceptCode) {
    return fresh(acceptCode);
  }

  /** The second factor of a sign-in: either kind, fresh. */
  public static Need signIn() {
    return fresh(true);
  }

  private static Need fresh(boolean codeEnough) {
    return new Need(false, Duration.ZERO, codeEnough);
  }
}

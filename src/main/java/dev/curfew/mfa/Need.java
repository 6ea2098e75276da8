package dev.curfew.mfa;

import dev.curfew.CurfewException;
import dev.curfew.Fault;
import java.time.Duration;
import java.time.Instant;

/**
 * Which proof an act asks for.
 *
 * @param recentEnough whether an earlier proof of the same session will do
 * @param maxAge how old that one may be
 * @param codeEnough whether a code will do instead of a passkey's assertion over this very act
 * @param settled whether the credential must have stood for {@link #SETTLES_AFTER}
 */
public record Need(boolean recentEnough, Duration maxAge, boolean codeEnough, boolean settled) {

  /**
   * How long the owner of an account has to notice that somebody else recovered it, before what was
   * enrolled then decides anything.
   */
  public static final Duration SETTLES_AFTER = Duration.ofHours(24);

  /** A request: recent or fresh, a passkey or a code. */
  public static Need ask(Duration maxAge) {
    return new Need(true, maxAge, true, false);
  }

  /** A vote: bound to it, or a code where the rule accepts one; by a settled credential. */
  public static Need vote(boolean acceptCode) {
    return fresh(acceptCode).bySettled();
  }

  /** A pick-up: bound to it, or a code unless the rule wants a passkey. */
  public static Need pickUp(boolean passkeyOnly) {
    return fresh(!passkeyOnly);
  }

  /**
   * An administrator's act, or one that takes a key from its owner: bound, or a code where the
   * installation accepts it; by a settled credential.
   */
  public static Need admin(boolean acceptCode) {
    return fresh(acceptCode).bySettled();
  }

  /**
   * What does not wait for a credential to settle: one's own new keys and tokens, and disabling
   * somebody.
   */
  public static Need atOnce(boolean acceptCode) {
    return fresh(acceptCode);
  }

  /** The second factor of a sign-in: either kind, fresh. */
  public static Need signIn() {
    return fresh(true);
  }

  /**
   * @param since {@link Proof#credentialSince}
   * @throws CurfewException NOT_ALLOWED with the time to wait, where a settled credential is asked
   *     for and this one is not
   */
  void refuseUnsettled(Instant since, Instant now) {
    Instant until = since.plus(SETTLES_AFTER);
    if (settled && now.isBefore(until)) {
      throw new CurfewException(
              Fault.NOT_ALLOWED,
              "what you proved it with was enrolled or recovered less than 24 h ago; it counts for"
                  + " this from "
                  + until
                  + " on; use an older key, or let somebody else do it")
          .retryAfter(Duration.between(now, until));
    }
  }

  private static Need fresh(boolean codeEnough) {
    return new Need(false, Duration.ZERO, codeEnough, false);
  }

  private Need bySettled() {
    return new Need(recentEnough, maxAge, codeEnough, true);
  }
}

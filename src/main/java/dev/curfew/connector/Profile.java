package dev.curfew.connector;

import java.time.Duration;

/**
 * What a connector promises.
 *
 * @param guarantee what happens at the target if the broker is dead at the end
 * @param issuesSecret whether pick-up hands out a secret
 * @param killsSessions whether revocation ends live sessions
 * @param canSweep whether the target can be asked for everything with our mark
 * @param maxResidual how long access may at most outlive the window with the broker alive
 * @param residual the same in words, with what is not covered
 */
public record Profile(
    Guarantee guarantee,
    boolean issuesSecret,
    boolean killsSessions,
    boolean canSweep,
    Duration maxResidual,
    String residual) {

  /** What the target does by itself at the end. */
  public enum Guarantee {
    /** The target refuses every request after the end by itself. */
    G1,
    /** The target refuses new logins after the end by itself; live sessions go on. */
    G2,
    /** The target does nothing by itself. */
    G3
  }
}

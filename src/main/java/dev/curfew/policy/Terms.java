package dev.curfew.policy;

import java.time.Duration;

/**
 * What the matching rules demand of the asker, the strictest of each.
 *
 * @param askWithin how old the asker's last proof may be; zero means a fresh one for this ask
 * @param pickUpByPasskey whether only a passkey opens the pick-up
 * @param claimBy how long after the approval the access may wait to be picked up
 * @param lapseAfter how long the request waits for its votes
 */
public record Terms(
    Duration askWithin, boolean pickUpByPasskey, Duration claimBy, Duration lapseAfter) {

  /** What holds where a rule says nothing. */
  public static final Terms DEFAULT =
      new Terms(Duration.ofMinutes(5), false, Duration.ofHours(1), Duration.ofHours(1));

  /** The stricter of both in everything. */
  public Terms join(Terms other) {
    return new Terms(
        shorter(askWithin, other.askWithin),
        pickUpByPasskey || other.pickUpByPasskey,
        shorter(claimBy, other.claimBy),
        shorter(lapseAfter, other.lapseAfter));
  }

  private static Duration shorter(Duration one, Duration two) {
    return one.compareTo(two) < 0 ? one : two;
  }
}

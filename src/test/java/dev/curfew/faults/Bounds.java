package dev.curfew.faults;

import java.time.Duration;

/**
 * How late things may be, after design.md's table of times.
 *
 * @param credential how long a login may work past its grant's end at the target itself
 * @param session how long a session or a login may stay past the end that Curfew decided
 * @param proven how long an end may wait for its proof
 * @param reported how long something that nobody asked for may stand there before it is on record
 * @param grace how long it may stand there past its own end before it is taken away
 * @param numbered how long an entry may wait for its number
 */
public record Bounds(
    Duration credential,
    Duration session,
    Duration proven,
    Duration reported,
    Duration grace,
    Duration numbered) {

  /**
   * Native expiry at end + 5 s; the residual that approvers read, 15 s; STUCK at 60 s; reconciled
   * each 60 s, and half a minute to do it in; orphan grace 10 min; numbers in 10 s.
   */
  public static Bounds ofTheDesign() {
    return new Bounds(
        Duration.ofSeconds(5),
        Duration.ofSeconds(15),
        Duration.ofSeconds(60),
        Duration.ofSeconds(90),
        Duration.ofMinutes(10),
        Duration.ofSeconds(10));
  }

  /** The same where the installation's own setting of the orphan grace is another. */
  public Bounds withGrace(Duration shorter) {
    return new Bounds(credential, session, proven, reported, shorter, numbered);
  }

  /** The same where a test looks itself how soon an end is proven. */
  public Bounds withProof(Duration longer) {
    return new Bounds(credential, session, longer, reported, grace, numbered);
  }
}

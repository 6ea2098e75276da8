package dev.curfew.grant;

import dev.curfew.Clocks;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;

/**
 * By when an end by time must have been due to count as passed: in a quarantine none is, for the
 * ends that count there are those of the marks at the targets.
 */
@ApplicationScoped
class Deadlines {

  private final Clocks clocks;
  private final GrantSettings settings;
  private final Standing standing;

  Deadlines(Clocks clocks, GrantSettings settings, Standing standing) {
    this.clocks = clocks;
    this.settings = settings;
    this.standing = standing;
  }

  /** What was due by then is over, whether or not somebody takes it away. */
  Instant passed() {
    return standing.isOn() ? Instant.EPOCH : clocks.now();
  }

  /**
   * What was due by then, was handed out, and has no end decided overstays: it is past its end by
   * longer than what calls a revocation stuck. A node ends nothing by time at a target that it has
   * not asked yet, and none does where no node works.
   */
  Instant overstayed() {
    return passed().minus(settings.stuckAfter());
  }
}

package dev.curfew.grant;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A grant as it stands, to be read. All times are UTC; those not reached yet are null.
 *
 * @param snapshot digest of the packs and rules it was decided by
 * @param endReason null while its end is not decided
 * @param endNote what was said at the end, or null
 * @param endedBy the person, or part of the broker, that decided the end; or null
 * @param claimBy until when it waits for its first pick-up
 * @param dueAt when it ends by itself: {@code claimBy}, and from the first pick-up on the end of
 *     its window
 * @param provisionedAt when it stood at the target
 * @param pickedUpAt when its secret was first asked for; its window runs from here
 * @param window how long it lasts from the first pick-up
 * @param endingAt when its end was decided
 * @param blockedAt when nobody could log in by it any more
 * @param deadAt since when no session of it is left; null while that is in doubt
 * @param verifiedAt when the look that proved it gone was made
 * @param stuckAt since when it counts as stuck
 * @param revokeStep the last step of revocation done: BLOCK, KILL, CLEAN or VERIFY; or null
 * @param attempts calls made in a row without success
 * @param nextTryAt when the next call is due; null when none waits
 * @param problem what stopped the last call, fit for a person; null when nothing did
 * @param stuckLive stuck, handed out, and sessions not ruled out: access may still be live
 * @param overstays handed out, past its end by longer than what calls a revocation stuck, and
 *     nobody began to take it away: access may still be live
 * @param aliveAgain a sweep found it at the target after it had ended
 * @param effects what the approver read
 * @param leftBehind what its person made at the target and where it is now
 * @param proof what the look that proved it gone read, one line each
 */
public record GrantView(
    String id,
    String requestId,
    String person,
    String entitlement,
    String target,
    String snapshot,
    GrantState state,
    EndReason endReason,
    String endNote,
    String endedBy,
    Instant createdAt,
    Instant claimBy,
    Instant dueAt,
    Instant provisionedAt,
    Instant pickedUpAt,
    Duration window,
    Instant endingAt,
    Instant blockedAt,
    Instant deadAt,
    Instant endedAt,
    Instant verifiedAt,
    Instant stuckAt,
    String revokeStep,
    int attempts,
    Instant nextTryAt,
    String problem,
    boolean stuckLive,
    boolean overstays,
    boolean aliveAgain,
    String guarantee,
    String residual,
    List<String> effects,
    List<String> leftBehind,
    List<String> proof) {

  public GrantView {
    effects = List.copyOf(effects);
    leftBehind = List.copyOf(leftBehind);
    proof = List.copyOf(proof);
  }

  /** Somebody may be inside although it should be over, and not only since a moment ago. */
  public boolean mayStillBeLive() {
    return stuckLive || overstays;
  }

  /** Since when nobody should be inside; what came back, since it was seen again. */
  public Instant shouldHaveEndedAt() {
    return endingAt != null && (aliveAgain || endingAt.isBefore(dueAt)) ? endingAt : dueAt;
  }

  /** Stuck, and nobody can be inside: something remains to be removed. */
  public boolean stuckLeftover() {
    return state == GrantState.STUCK && !stuckLive;
  }

  /** Whether its secret can be asked for now, as far as is known here. */
  public boolean canBePickedUp() {
    return state == GrantState.ACTIVE && !overstays;
  }
}

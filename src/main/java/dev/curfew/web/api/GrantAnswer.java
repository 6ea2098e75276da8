package dev.curfew.web.api;

import dev.curfew.grant.EndReason;
import dev.curfew.grant.GrantState;
import dev.curfew.grant.GrantView;
import dev.curfew.request.SeenGrant;
import java.time.Instant;
import java.util.List;

/**
 * A grant.
 *
 * @param window minutes, from the first pick-up
 * @param claimBy until when it waits for its first pick-up
 * @param dueAt when it ends by itself
 * @param stuckLive whether access may still be live past its end: taking it away is stuck, or did
 *     not begin
 * @param problemDetail the same with addresses and the driver's words, for administrators and
 *     auditors
 * @param proof what the look that proved it gone read
 * @param timeline all that happened to it; null in lists
 */
public record GrantAnswer(
    String id,
    String request,
    String person,
    String personName,
    String entitlement,
    String target,
    GrantState state,
    EndReason endReason,
    String endNote,
    String endedBy,
    long window,
    Instant createdAt,
    Instant claimBy,
    Instant dueAt,
    Instant provisionedAt,
    Instant pickedUpAt,
    Instant endingAt,
    Instant blockedAt,
    Instant deadAt,
    Instant endedAt,
    Instant verifiedAt,
    Instant stuckAt,
    boolean stuckLive,
    String revokeStep,
    int attempts,
    Instant nextTryAt,
    String problem,
    String problemDetail,
    String guarantee,
    String residual,
    List<String> effects,
    List<String> leftBehind,
    List<String> proof,
    boolean mayPickUp,
    boolean pickUpByPasskey,
    boolean mayGiveBack,
    boolean mayRevoke,
    boolean mayAttest,
    List<MomentAnswer> timeline) {

  static GrantAnswer of(SeenGrant seen) {
    return of(seen, null);
  }

  static GrantAnswer of(SeenGrant seen, List<MomentAnswer> timeline) {
    GrantView grant = seen.grant();
    return new GrantAnswer(
        grant.id(),
        grant.requestId(),
        grant.person(),
        seen.personName(),
        grant.entitlement(),
        grant.target(),
        grant.state(),
        grant.endReason(),
        grant.endNote(),
        grant.endedBy(),
        grant.window().toMinutes(),
        grant.createdAt(),
        grant.claimBy(),
        grant.dueAt(),
        grant.provisionedAt(),
        grant.pickedUpAt(),
        grant.endingAt(),
        grant.blockedAt(),
        grant.deadAt(),
        grant.endedAt(),
        grant.verifiedAt(),
        grant.stuckAt(),
        grant.mayStillBeLive(),
        grant.revokeStep(),
        grant.attempts(),
        grant.nextTryAt(),
        grant.problem(),
        seen.problemDetail(),
        grant.guarantee(),
        grant.residual(),
        grant.effects(),
        grant.leftBehind(),
        grant.proof(),
        seen.mayPickUp(),
        seen.pickUpByPasskey(),
        seen.mayGiveBack(),
        seen.mayRevoke(),
        seen.mayAttest(),
        timeline);
  }
}

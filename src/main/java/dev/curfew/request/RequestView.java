package dev.curfew.request;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A request as its reader may see it.
 *
 * @param window how long access lasts from the first pick-up
 * @param ticket empty when none was given
 * @param lapseAt until when it waits for votes
 * @param decidedAt null while it is pending
 * @param decidedBy the person, or part of the broker, that decided it; null while it is pending
 * @param decidedByName the same for people
 * @param outcome one sentence for people once it is decided: "denied by Ada: not today"
 * @param pickUpByPasskey whether only a passkey opens the pick-up
 * @param effects what the access would do, as the approver reads it
 * @param guarantee {@code G1}, {@code G2} or {@code G3}
 * @param residual how long access may outlive its window, in words
 * @param shown hash of the request and its effects: a vote names it
 * @param grant the grant's id once it is approved; null before
 * @param snapshot digest of the packs and rules it was decided by
 * @param existing set on the answer to an ask that led to this earlier request
 * @param mayVote whether the reader could vote now
 * @param whyNot why the reader cannot vote, though asked to look; null when it can, or need not
 *     know
 * @param mayCancel whether the reader could cancel it now
 */
public record RequestView(
    String id,
    String person,
    String personName,
    String entitlement,
    String target,
    Duration window,
    String reason,
    String ticket,
    RequestState state,
    Instant createdAt,
    Instant lapseAt,
    Instant decidedAt,
    String decidedBy,
    String decidedByName,
    String outcome,
    boolean pickUpByPasskey,
    List<StageView> stages,
    List<VoteView> votes,
    List<String> effects,
    String guarantee,
    String residual,
    String shown,
    String grant,
    String snapshot,
    boolean existing,
    boolean mayVote,
    String whyNot,
    boolean mayCancel) {

  public RequestView {
    stages = List.copyOf(stages);
    votes = List.copyOf(votes);
    effects = List.copyOf(effects);
  }

  public boolean isPending() {
    return state == RequestState.PENDING;
  }

  /** The window as people ask for it. */
  public long windowMinutes() {
    return window.toMinutes();
  }
}

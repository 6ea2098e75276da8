package dev.curfew.web.api;

import dev.curfew.request.RequestState;
import dev.curfew.request.RequestView;
import dev.curfew.request.StageView;
import dev.curfew.request.VoteView;
import java.time.Instant;
import java.util.List;

/**
 * A request.
 *
 * @param window minutes, from the first pick-up
 * @param outcome one sentence once it is decided
 * @param shown hand it back with a vote: it says what you voted on
 * @param grant the grant's id once it is approved
 * @param existing whether the ask led to this earlier request
 */
public record RequestAnswer(
    String id,
    String person,
    String personName,
    String entitlement,
    String target,
    long window,
    String reason,
    String ticket,
    RequestState state,
    Instant createdAt,
    Instant lapseAt,
    Instant decidedAt,
    String decidedBy,
    String decidedByName,
    String outcome,
    List<StageView> stages,
    List<VoteView> votes,
    List<String> effects,
    String guarantee,
    String residual,
    boolean pickUpByPasskey,
    String shown,
    String grant,
    String snapshot,
    boolean existing,
    boolean mayVote,
    String whyNot,
    boolean mayCancel) {

  static RequestAnswer of(RequestView view) {
    return new RequestAnswer(
        view.id(),
        view.person(),
        view.personName(),
        view.entitlement(),
        view.target(),
        view.windowMinutes(),
        view.reason(),
        view.ticket(),
        view.state(),
        view.createdAt(),
        view.lapseAt(),
        view.decidedAt(),
        view.decidedBy(),
        view.decidedByName(),
        view.outcome(),
        view.stages(),
        view.votes(),
        view.effects(),
        view.guarantee(),
        view.residual(),
        view.pickUpByPasskey(),
        view.shown(),
        view.grant(),
        view.snapshot(),
        view.existing(),
        view.mayVote(),
        view.whyNot(),
        view.mayCancel());
  }
}

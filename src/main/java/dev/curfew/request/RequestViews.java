package dev.curfew.request;

import dev.curfew.Clocks;
import dev.curfew.approval.Choice;
import dev.curfew.approval.Standing;
import dev.curfew.grant.Effects;
import dev.curfew.identity.Caller;
import dev.curfew.identity.Scope;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;

/** Turns a stored request into what one caller reads. */
@ApplicationScoped
class RequestViews {

  private final StoredRequests requests;
  private final Voters voters;
  private final Wording wording;
  private final Clocks clocks;

  RequestViews(StoredRequests requests, Voters voters, Wording wording, Clocks clocks) {
    this.requests = requests;
    this.voters = voters;
    this.wording = wording;
    this.clocks = clocks;
  }

  RequestView of(Caller caller, AccessRequest request) {
    return of(caller, request, false);
  }

  /** The answer to an ask that led here. */
  RequestView existing(Caller caller, AccessRequest request) {
    return of(caller, request, true);
  }

  private RequestView of(Caller caller, AccessRequest request, boolean existing) {
    List<CastVote> votes = requests.votes(request.id);
    Effects effects = request.effects();
    boolean open = request.isPending() && !request.hasLapsed(clocks.now());
    String whyNot = open ? whyNot(caller, request, votes) : null;
    boolean asked = Rights.approves(caller, request);
    return new RequestView(
        request.id,
        request.person,
        wording.name(request.person),
        request.entitlement,
        request.target,
        request.window(),
        request.reason == null ? "" : request.reason,
        request.ticket,
        request.state,
        request.createdAt,
        request.lapseAt,
        request.decidedAt,
        request.decidedBy,
        request.decidedBy == null ? null : wording.name(request.decidedBy),
        wording.outcome(request, denial(votes)),
        request.pickUpByPasskey,
        stages(request, votes),
        votes.stream().map(this::view).toList(),
        effects.lines(),
        effects.guarantee(),
        effects.residual(),
        request.shown(),
        request.state == RequestState.APPROVED ? request.grant : null,
        request.snapshot,
        existing,
        open && whyNot == null,
        asked ? whyNot : null,
        open && caller.is(request.person) && caller.may(Scope.REQUEST));
  }

  private String whyNot(Caller caller, AccessRequest request, List<CastVote> votes) {
    if (!caller.may(Scope.APPROVE)) {
      return "this token may not vote; make one with the scope approve";
    }
    if (votes.stream().anyMatch(vote -> caller.is(vote.voter))) {
      return "you voted already";
    }
    return voters.objection(caller.person(), request).orElse(null);
  }

  private List<StageView> stages(AccessRequest request, List<CastVote> votes) {
    List<Standing.Count> counts = voters.standing(request, votes).stages();
    List<StageView> views = new ArrayList<>();
    for (int i = 0; i < request.stages.size(); i++) {
      StageRow stage = request.stages.get(i);
      views.add(
          new StageView(
              stage.name,
              stage.group,
              stage.needed,
              counts.get(i).have(),
              stage.acceptCode,
              stage.words));
    }
    return views;
  }

  private VoteView view(CastVote vote) {
    return new VoteView(
        vote.voter,
        wording.name(vote.voter),
        vote.choice,
        vote.reason == null ? "" : vote.reason,
        vote.proof,
        vote.at,
        vote.isVoid() ? vote.voidedWhy : null);
  }

  private static String denial(List<CastVote> votes) {
    return votes.stream()
        .filter(vote -> vote.choice == Choice.DENY && !vote.isVoid())
        .map(vote -> vote.reason)
        .findFirst()
        .orElse(null);
  }
}

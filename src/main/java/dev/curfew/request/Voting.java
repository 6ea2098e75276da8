package dev.curfew.request;

import dev.curfew.Clocks;
import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.Ids;
import dev.curfew.approval.Choice;
import dev.curfew.approval.Stage;
import dev.curfew.approval.Standing;
import dev.curfew.audit.Audit;
import dev.curfew.audit.Entry;
import dev.curfew.audit.Kind;
import dev.curfew.identity.Caller;
import dev.curfew.mfa.Need;
import dev.curfew.mfa.Proof;
import dev.curfew.mfa.Proofs;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A vote: everything that can be refused without a proof first, then the vote itself. */
@ApplicationScoped
class Voting {

  private final StoredRequests requests;
  private final Rights rights;
  private final Voters voters;
  private final RequestClearance clearance;
  private final Approval approval;
  private final RequestViews views;
  private final Wording wording;
  private final Proofs proofs;
  private final Audit audit;
  private final Clocks clocks;

  Voting(
      StoredRequests requests,
      Rights rights,
      Voters voters,
      RequestClearance clearance,
      Approval approval,
      RequestViews views,
      Wording wording,
      Proofs proofs,
      Audit audit,
      Clocks clocks) {
    this.requests = requests;
    this.rights = rights;
    this.voters = voters;
    this.clearance = clearance;
    this.approval = approval;
    this.views = views;
    this.wording = wording;
    this.proofs = proofs;
    this.audit = audit;
    this.clocks = clocks;
  }

  /** The answer to a call that only repeats the caller's own vote. */
  @Transactional
  Optional<RequestView> repeated(Caller caller, Vote vote) {
    // the vote before the request: what the vote decided is then in what is read of the request
    Optional<CastVote> cast = requests.voteOf(vote.request(), caller.person());
    AccessRequest request = rights.mustSee(caller, vote.request());
    return cast.filter(mine -> mine.says(vote)).map(mine -> views.of(caller, request));
  }

  /**
   * The cheap refusals.
   *
   * @return the proof this voter needs for this request
   */
  @Transactional
  Need check(Caller caller, Vote vote) {
    AccessRequest request = rights.mustSee(caller, vote.request());
    refuseUnlessOpen(caller, vote, request);
    return Need.vote(
        request.stages.stream()
            .anyMatch(stage -> stage.acceptCode && caller.groups().contains(stage.group)));
  }

  /** Casts it. The row is locked before votes are counted: two last votes give one decision. */
  @Transactional
  RequestView cast(Caller caller, Vote vote, Proof proof) {
    AccessRequest request = requests.lock(vote.request());
    refuseUnlessOpen(caller, vote, request);
    proofs.consume(proof);
    requests.add(filled(caller, vote, proof));
    Standing standing = voters.standing(request, requests.votes(request.id));
    audit.record(entry(caller, vote, request, proof, standing));
    settle(caller, vote, request, standing);
    return views.of(caller, request);
  }

  private void settle(Caller caller, Vote vote, AccessRequest request, Standing standing) {
    switch (standing.state()) {
      case OPEN -> {}
      case DENIED -> approval.deny(caller, request, vote.reason());
      case APPROVED -> approval.byVotes(caller, request, standing);
    }
  }

  private void refuseUnlessOpen(Caller caller, Vote vote, AccessRequest request) {
    if (request.state.isFinal() || request.hasLapsed(clocks.now())) {
      throw wording.alreadyDecided(request);
    }
    voters
        .objection(caller.person(), request)
        .ifPresent(
            why -> {
              throw new CurfewException(Fault.NOT_ALLOWED, why);
            });
    if (requests.voteOf(request.id, caller.person()).isPresent()) {
      throw new CurfewException(
          Fault.WRONG_STATE, "you voted on this request already; a vote is not changed");
    }
    if (!request.shown().equals(vote.shown())) {
      throw new CurfewException(
          Fault.CHANGED_MEANWHILE,
          "the request is not the one you were shown; load it again, read it, then vote");
    }
    if (vote.choice() == Choice.APPROVE) {
      clearance
          .ofRules(request)
          .ifPresent(
              why -> {
                throw new CurfewException(Fault.WRONG_STATE, "this cannot be approved: " + why);
              });
    }
  }

  private CastVote filled(Caller caller, Vote vote, Proof proof) {
    CastVote cast = new CastVote();
    cast.id = Ids.next();
    cast.request = vote.request();
    cast.voter = caller.person();
    cast.choice = vote.choice();
    cast.shown = vote.shown();
    cast.byCode = proof.kind() == Proof.Kind.CODE;
    cast.proof = proof.words();
    cast.proofId = proof.id();
    cast.at = clocks.now();
    cast.reason = vote.reason().isEmpty() ? null : vote.reason();
    return cast;
  }

  private Entry entry(
      Caller caller, Vote vote, AccessRequest request, Proof proof, Standing standing) {
    Set<String> groups = voters.settledGroups(caller.person(), request.stages());
    List<Stage> asked =
        request.stages().stream().filter(stage -> groups.contains(stage.group())).toList();
    return Entry.of(Kind.VOTE_CAST, caller)
        .subject(request.person)
        .target(request.target)
        .entitlement(request.entitlement)
        .request(request.id)
        .with("choice", vote.choice().name().toLowerCase(Locale.ROOT))
        .with("stage", asked.stream().map(Stage::name).collect(Collectors.joining(", ")))
        .with("group", String.join(", ", groups))
        .with("standing", words(standing))
        .with("reason_hash", vote.reason().isEmpty() ? null : Json.hashText(vote.reason()))
        .with("shown_hash", vote.shown())
        .with(proof.proven());
  }

  private static String words(Standing standing) {
    return standing.stages().stream()
        .map(
            count ->
                count.have() + " of " + count.stage().needed() + " for " + count.stage().group())
        .collect(Collectors.joining(", "));
  }
}

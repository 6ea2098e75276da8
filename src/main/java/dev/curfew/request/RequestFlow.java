package dev.curfew.request;

import dev.curfew.Clocks;
import dev.curfew.CurfewException;
import dev.curfew.audit.Recorded;
import dev.curfew.catalog.RevokeOnly;
import dev.curfew.identity.Caller;
import dev.curfew.identity.Scope;
import dev.curfew.mfa.Act;
import dev.curfew.mfa.Need;
import dev.curfew.mfa.Offered;
import dev.curfew.mfa.Proof;
import dev.curfew.mfa.Proofs;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Optional;

/**
 * Ask, vote, cancel, lapse. An act that needs a proof is looked at without one first, since a proof
 * is used up by being shown; then the proof is spent, in a transaction of its own; then the act is
 * done, in one.
 */
@ApplicationScoped
public class RequestFlow {

  private static final int LAPSED_AT_ONCE = 200;

  private final Submission submission;
  private final Forecasts forecasts;
  private final Voting voting;
  private final StoredRequests requests;
  private final Rights rights;
  private final Approval approval;
  private final RequestViews views;
  private final Wording wording;
  private final Proofs proofs;
  private final RevokeOnly revokeOnly;
  private final Clocks clocks;

  RequestFlow(
      Submission submission,
      Forecasts forecasts,
      Voting voting,
      StoredRequests requests,
      Rights rights,
      Approval approval,
      RequestViews views,
      Wording wording,
      Proofs proofs,
      RevokeOnly revokeOnly,
      Clocks clocks) {
    this.submission = submission;
    this.forecasts = forecasts;
    this.voting = voting;
    this.requests = requests;
    this.rights = rights;
    this.approval = approval;
    this.views = views;
    this.wording = wording;
    this.proofs = proofs;
    this.revokeOnly = revokeOnly;
    this.clocks = clocks;
  }

  /**
   * What would come of the ask; changes nothing and is not recorded.
   *
   * @throws CurfewException NOT_FOUND for what the caller may not ask for; INVALID
   */
  public Forecast forecast(Caller caller, Submit submit) {
    revokeOnly.refuse();
    Rights.demand(caller, Scope.READ);
    submit.checkEntitlement();
    return forecasts.of(caller, submit);
  }

  /**
   * Asks. A second ask for what is open or live leads to it.
   *
   * @param idempotencyKey the same key and body answer the same request again; may be null
   * @throws CurfewException INVALID, NOT_FOUND, DENIED_BY_RULE, LIMIT_REACHED, TARGET_CLOSED,
   *     IDEMPOTENCY_MISMATCH, and those of the proof
   */
  @Recorded("ask")
  public RequestView submit(Caller caller, Submit submit, Offered offered, String idempotencyKey) {
    revokeOnly.refuse();
    Rights.demand(caller, Scope.REQUEST);
    submit.check();
    String key = IdempotencyKey.checked(idempotencyKey);
    Optional<RequestView> earlier = submission.earlier(caller, submit, key);
    if (earlier.isPresent()) {
      return earlier.get();
    }
    Draft draft = submission.draft(caller, submit);
    Need need = Need.ask(draft.terms().askWithin());
    Proof proof = proofs.spend(caller, new Act("ask", submit.fields()), need, offered);
    return submission.make(caller, submit, draft, proof, key);
  }

  /**
   * Votes; the vote that decides opens the grant in the same transaction.
   *
   * @throws CurfewException NOT_FOUND, NOT_ALLOWED, ALREADY_DECIDED, CHANGED_MEANWHILE, INVALID,
   *     and those of the proof
   */
  @Recorded("vote")
  public RequestView vote(Caller caller, Vote vote, Offered offered) {
    revokeOnly.refuse();
    Rights.demand(caller, Scope.APPROVE);
    Optional<RequestView> repeated = voting.repeated(caller, vote);
    if (repeated.isPresent()) {
      return repeated.get();
    }
    vote.check();
    Need need = voting.check(caller, vote);
    Proof proof = proofs.spend(caller, new Act("vote", vote.fields()), need, offered);
    return voting.cast(caller, vote, proof);
  }

  /**
   * Takes the caller's own request back. Doing so twice is the same as once.
   *
   * @throws CurfewException NOT_FOUND, NOT_ALLOWED, ALREADY_DECIDED
   */
  @Recorded("cancel")
  @Transactional
  public RequestView cancel(Caller caller, String requestId) {
    Rights.demand(caller, Scope.REQUEST);
    rights.mustSee(caller, requestId);
    AccessRequest request = requests.lock(requestId);
    Rights.mustOwn(caller, request);
    if (request.state == RequestState.CANCELLED) {
      return views.of(caller, request);
    }
    if (request.state.isFinal()) {
      throw wording.alreadyDecided(request);
    }
    approval.cancel(caller, request, null);
    return views.of(caller, request);
  }

  /** Ends what waited too long; answers how many. Called by a job of the cluster. */
  @Transactional
  public int lapse() {
    List<AccessRequest> late = requests.lockLapsed(clocks.now(), LAPSED_AT_ONCE);
    late.forEach(approval::lapse);
    return late.size();
  }
}

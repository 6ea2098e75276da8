package dev.curfew.request;

import dev.curfew.Clocks;
import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.Ids;
import dev.curfew.approval.Stage;
import dev.curfew.audit.Audit;
import dev.curfew.audit.Entry;
import dev.curfew.audit.Kind;
import dev.curfew.catalog.Offer;
import dev.curfew.grant.Effects;
import dev.curfew.grant.GrantView;
import dev.curfew.grant.Grants;
import dev.curfew.grant.Preview;
import dev.curfew.identity.Caller;
import dev.curfew.mfa.Proof;
import dev.curfew.mfa.Proofs;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The making of a request: looked at without a proof first, then made with one. */
@ApplicationScoped
class Submission {

  private static final Duration DAY = Duration.ofHours(24);

  private final StoredRequests requests;
  private final RequestViews views;
  private final Rulings rulings;
  private final Approval approval;
  private final Grants grants;
  private final Preview preview;
  private final Proofs proofs;
  private final RequestConfig config;
  private final Audit audit;
  private final Clocks clocks;

  Submission(
      StoredRequests requests,
      RequestViews views,
      Rulings rulings,
      Approval approval,
      Grants grants,
      Preview preview,
      Proofs proofs,
      RequestConfig config,
      Audit audit,
      Clocks clocks) {
    this.requests = requests;
    this.views = views;
    this.rulings = rulings;
    this.approval = approval;
    this.grants = grants;
    this.preview = preview;
    this.proofs = proofs;
    this.config = config;
    this.audit = audit;
    this.clocks = clocks;
  }

  /**
   * What the ask leads to without a new request: the one its key made, or what is open or live.
   *
   * @throws CurfewException IDEMPOTENCY_MISMATCH
   */
  @Transactional
  Optional<RequestView> earlier(Caller caller, Submit submit, String key) {
    if (key != null) {
      Optional<AccessRequest> made = requests.byKey(caller.person(), key);
      if (made.isPresent()) {
        refuseOtherBody(made.get(), submit);
        return made.map(request -> views.of(caller, request));
      }
    }
    return running(caller.person(), submit.entitlement())
        .map(request -> views.existing(caller, request));
  }

  /**
   * @throws CurfewException what stands against the ask
   */
  @Transactional
  Draft draft(Caller caller, Submit submit) {
    Offer offer = rulings.offer(caller, submit.entitlement());
    submit.checkWindow(offer.longest());
    refuseOverLimit(caller);
    return rulings.draft(caller, offer, submit);
  }

  /** Makes it, unless another call was faster: then that one is the answer. */
  @Transactional
  RequestView make(Caller caller, Submit submit, Draft draft, Proof proof, String key) {
    requests.oneAskAtATime(caller.person());
    Optional<RequestView> earlier = earlier(caller, submit, key);
    if (earlier.isPresent()) {
      return earlier.get();
    }
    requests.pending(caller.person(), submit.entitlement()).ifPresent(approval::lapse);
    refuseOverLimit(caller);
    proofs.consume(proof);
    AccessRequest request = filled(caller, submit, draft, proof, key);
    requests.add(request);
    audit.record(entry(caller, request, draft, proof));
    if (draft.needsNobody()) {
      approval.byTheRules(request);
    }
    return views.of(caller, request);
  }

  /** A request of the person for the same thing that is open, or whose grant is live. */
  Optional<AccessRequest> running(String person, String entitlement) {
    // open first, then live: an approval between the two looks is seen by the second
    return requests
        .pending(person, entitlement)
        .filter(request -> !request.hasLapsed(clocks.now()))
        .or(
            () ->
                grants
                    .liveFor(person, entitlement)
                    .map(GrantView::requestId)
                    .flatMap(requests::find));
  }

  /** Why the person may not make one more request now; empty when they may. */
  Optional<CurfewException> overLimit(Caller caller) {
    Instant now = clocks.now();
    long open =
        requests.pendingOf(caller.person()).stream()
            .filter(request -> !request.hasLapsed(now))
            .count();
    if (open >= config.open()) {
      return limit(
          "you have %d open requests; wait for an answer or cancel one, then ask again"
              .formatted(open));
    }
    long today = requests.askedSince(caller.person(), now.minus(DAY));
    return today >= config.daily()
        ? limit("you made %d requests in the last 24 h; ask again later".formatted(today))
        : Optional.empty();
  }

  private static Optional<CurfewException> limit(String message) {
    return Optional.of(new CurfewException(Fault.LIMIT_REACHED, message));
  }

  private void refuseOverLimit(Caller caller) {
    overLimit(caller)
        .ifPresent(
            refusal -> {
              throw refusal;
            });
  }

  private AccessRequest filled(Caller caller, Submit submit, Draft draft, Proof proof, String key) {
    AccessRequest request = new AccessRequest();
    request.id = Ids.next();
    request.person = caller.person();
    request.entitlement = draft.offer().id();
    request.target = draft.offer().target();
    request.grant = Ids.next();
    request.windowSeconds = submit.window().toSeconds();
    request.ticket = submit.ticket();
    request.reason = submit.reason();
    request.snapshot = draft.trace().snapshot();
    request.proof = proof.words();
    request.state = RequestState.PENDING;
    request.createdAt = clocks.now();
    request.lapseAt = request.createdAt.plus(draft.terms().lapseAfter());
    request.idempotencyKey = key;
    request.bodyHash = key == null ? null : Json.hash(submit.fields());
    request.decision = draft.needsNobody() ? AccessRequest.Ruling.ALLOW : AccessRequest.Ruling.ASK;
    request.pickUpByPasskey = draft.terms().pickUpByPasskey();
    request.claimBySeconds = draft.terms().claimBy().toSeconds();
    request.trace = Json.write(draft.trace());
    request.effects = Json.write(effects(request));
    draft.stages().forEach(stage -> request.stages.add(StageRow.of(stage)));
    return request;
  }

  private Effects effects(AccessRequest request) {
    return preview.of(request.entitlement, request.grant, request.window());
  }

  private Entry entry(Caller caller, AccessRequest request, Draft draft, Proof proof) {
    return Entry.of(Kind.REQUEST_SUBMITTED, caller)
        .subject(request.person)
        .target(request.target)
        .entitlement(request.entitlement)
        .request(request.id)
        .with("window_seconds", request.windowSeconds)
        .with("reason_hash", Json.hashText(request.reason))
        .with("ticket", request.ticket.isEmpty() ? null : request.ticket)
        .with("decision", draft.words())
        .with("stages", draft.stages().stream().map(Stage::words).toList())
        .with("trace_hash", Json.hashText(request.trace))
        .with("snapshot", request.snapshot)
        .with("effects_hash", request.effects().hash())
        .with("lapse_at", request.lapseAt)
        .with(proof.proven());
  }

  private static void refuseOtherBody(AccessRequest made, Submit submit) {
    if (!made.bodyHash.equals(Json.hash(submit.fields()))) {
      throw new CurfewException(
          Fault.IDEMPOTENCY_MISMATCH,
          "this Idempotency-Key came with another request before; take a new key for a new request");
    }
  }
}

package dev.curfew.request;

import dev.curfew.Clocks;
import dev.curfew.approval.Standing;
import dev.curfew.audit.Audit;
import dev.curfew.audit.Entry;
import dev.curfew.audit.Kind;
import dev.curfew.grant.GrantFlow;
import dev.curfew.identity.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;

/**
 * The outcomes of a request. Each is one move with its entry; an approval opens the grant in the
 * same transaction, so there is never one without the other.
 */
@ApplicationScoped
@Transactional(Transactional.TxType.MANDATORY)
class Approval {

  private final GrantFlow grants;
  private final Audit audit;
  private final Clocks clocks;

  Approval(GrantFlow grants, Audit audit, Clocks clocks) {
    this.grants = grants;
    this.audit = audit;
    this.clocks = clocks;
  }

  /** No rule asks anybody. */
  void byTheRules(AccessRequest request) {
    approve(Caller.BROKER, request, "the rules ask nobody to agree", 0);
  }

  void byVotes(Caller caller, AccessRequest request, Standing standing) {
    int votes = standing.stages().stream().mapToInt(Standing.Count::have).sum();
    String why = votes == 1 ? "one approver agreed" : votes + " approvers agreed";
    approve(caller, request, why, votes);
  }

  void deny(Caller caller, AccessRequest request, String why) {
    request.become(RequestState.DENIED, caller.person(), clocks.now(), null);
    audit.record(
        entry(Kind.REQUEST_DENIED, caller, request)
            .withPersonal("why", why)
            .with("trace_hash", Json.hashText(request.trace)));
  }

  void cancel(Caller caller, AccessRequest request, String why) {
    request.become(RequestState.CANCELLED, caller.person(), clocks.now(), why);
    audit.record(entry(Kind.REQUEST_CANCELLED, caller, request).with("why", why));
  }

  void lapse(AccessRequest request) {
    request.become(RequestState.LAPSED, Caller.BROKER.person(), clocks.now(), null);
    audit.record(
        entry(Kind.REQUEST_LAPSED, Caller.BROKER, request)
            .with("why", "nobody decided in time")
            .with(
                "waited_seconds",
                Duration.between(request.createdAt, request.lapseAt).toSeconds()));
  }

  private void approve(Caller caller, AccessRequest request, String why, int votes) {
    request.become(RequestState.APPROVED, caller.person(), clocks.now(), null);
    audit.record(
        entry(Kind.REQUEST_APPROVED, caller, request)
            .grant(request.grant)
            .with("why", why)
            .with("votes", votes)
            .with("trace_hash", Json.hashText(request.trace)));
    grants.open(request.opening(), caller);
  }

  private static Entry entry(Kind kind, Caller caller, AccessRequest request) {
    return Entry.of(kind, caller)
        .subject(request.person)
        .target(request.target)
        .entitlement(request.entitlement)
        .request(request.id);
  }
}

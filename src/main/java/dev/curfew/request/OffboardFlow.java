package dev.curfew.request;

import dev.curfew.Clocks;
import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.account.People;
import dev.curfew.account.PeopleFlow;
import dev.curfew.account.Person;
import dev.curfew.audit.Audit;
import dev.curfew.audit.Entry;
import dev.curfew.audit.Kind;
import dev.curfew.audit.Recorded;
import dev.curfew.grant.EndReason;
import dev.curfew.grant.GrantFlow;
import dev.curfew.identity.Caller;
import dev.curfew.mfa.Act;
import dev.curfew.mfa.MfaConfig;
import dev.curfew.mfa.Need;
import dev.curfew.mfa.Offered;
import dev.curfew.mfa.Proof;
import dev.curfew.mfa.Proofs;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;

/** Disables a person: sessions, tokens, open requests, votes and live grants end in one act. */
@ApplicationScoped
public class OffboardFlow {

  private final People people;
  private final PeopleFlow accounts;
  private final StoredRequests requests;
  private final Approval approval;
  private final GrantFlow grants;
  private final Proofs proofs;
  private final MfaConfig mfa;
  private final Audit audit;
  private final Clocks clocks;

  OffboardFlow(
      People people,
      PeopleFlow accounts,
      StoredRequests requests,
      Approval approval,
      GrantFlow grants,
      Proofs proofs,
      MfaConfig mfa,
      Audit audit,
      Clocks clocks) {
    this.people = people;
    this.accounts = accounts;
    this.requests = requests;
    this.approval = approval;
    this.grants = grants;
    this.proofs = proofs;
    this.mfa = mfa;
    this.audit = audit;
    this.clocks = clocks;
  }

  /**
   * @throws CurfewException NOT_FOUND, NOT_ALLOWED, WRONG_STATE when disabled already, and those of
   *     the proof
   */
  @Recorded("person-disable")
  public void disable(Caller caller, String person, Offered offered) {
    Rights.demandAdministrator(caller);
    Person leaving = people.mustBe(person);
    if (caller.is(person)) {
      throw new CurfewException(
          Fault.NOT_ALLOWED, "another administrator must disable you, so that one always remains");
    }
    accounts.mayDisable(caller, person);
    Act act = Act.of("person-disable").with("person", person);
    Proof proof = proofs.spend(caller, act, Need.atOnce(mfa.adminAcceptCode()), offered);
    QuarkusTransaction.requiringNew().run(() -> disable(caller, leaving, proof));
  }

  private void disable(Caller caller, Person leaving, Proof proof) {
    String why = leaving.name() + " was disabled";
    proofs.consume(proof);
    // an ask under way ends first or sees a closed account
    requests.oneAskAtATime(leaving.id());
    PeopleFlow.Disabled closed = accounts.disable(caller, leaving.id());
    int cancelled = cancelRequests(caller, leaving, why);
    voidVotes(leaving, why);
    int ended = grants.endAllOf(caller, leaving.id(), EndReason.REVOKED, why);
    audit.record(
        Entry.of(Kind.PERSON_DISABLED, caller)
            .subject(leaving.id())
            .with("sessions", closed.sessions())
            .with("tokens", closed.tokens())
            .with("requests", cancelled)
            .with("grants", ended)
            .with(proof.proven()));
  }

  private int cancelRequests(Caller caller, Person leaving, String why) {
    int cancelled = 0;
    for (AccessRequest open : requests.pendingOf(leaving.id())) {
      AccessRequest request = requests.lock(open.id);
      if (request.isPending()) {
        approval.cancel(caller, request, why);
        cancelled++;
      }
    }
    return cancelled;
  }

  private void voidVotes(Person leaving, String why) {
    for (CastVote vote : requests.openVotesOf(leaving.id())) {
      if (requests.lock(vote.request).isPending()) {
        vote.voidedAt = clocks.now();
        vote.voidedWhy = why;
      }
    }
  }
}

package dev.curfew.request;

import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.audit.Recorded;
import dev.curfew.grant.EndReason;
import dev.curfew.grant.GrantFlow;
import dev.curfew.grant.GrantView;
import dev.curfew.identity.Caller;
import dev.curfew.identity.Role;
import dev.curfew.identity.Scope;
import dev.curfew.mfa.Act;
import dev.curfew.mfa.MfaConfig;
import dev.curfew.mfa.Need;
import dev.curfew.mfa.Offered;
import dev.curfew.mfa.Proof;
import dev.curfew.mfa.Proofs;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

/**
 * Ends a grant before its time. None of it asks for a whole configuration: taking away always
 * works, and but for an attestation it asks for no proof either.
 */
@ApplicationScoped
public class EndFlow {

  private static final int NOTE_LIMIT = 2_000;

  private final GrantReads reads;
  private final GrantFlow grants;
  private final StoredRequests requests;
  private final Proofs proofs;
  private final MfaConfig mfa;

  EndFlow(
      GrantReads reads, GrantFlow grants, StoredRequests requests, Proofs proofs, MfaConfig mfa) {
    this.reads = reads;
    this.grants = grants;
    this.requests = requests;
    this.proofs = proofs;
    this.mfa = mfa;
  }

  /**
   * The person gives their own access back. Where its end is decided already nothing more happens:
   * whoever lost the first answer may simply say it again.
   *
   * @throws CurfewException NOT_FOUND, NOT_ALLOWED
   */
  @Recorded("give-back")
  @Transactional
  public void giveBack(Caller caller, String grantId) {
    Rights.demand(caller, Scope.REQUEST);
    SeenGrant grant = reads.mustSee(caller, grantId);
    if (!grant.mine()) {
      throw new CurfewException(
          Fault.NOT_ALLOWED, "only " + grant.personName() + " gives this back; revoke it instead");
    }
    grants.endUnlessDecided(caller, grantId, EndReason.GIVEN_BACK, null);
  }

  /**
   * An administrator, or an approver of it, takes it away now; again, where its end is decided
   * already, nothing more happens.
   *
   * @param note why; may be empty
   * @throws CurfewException NOT_FOUND, NOT_ALLOWED
   */
  @Recorded("revoke")
  @Transactional
  public void revoke(Caller caller, String grantId, String note) {
    String why = note(note);
    GrantView grant = reads.mustSee(caller, grantId).grant();
    refuseUnlessRevoker(caller, requests.find(grant.requestId()).orElseThrow());
    grants.endUnlessDecided(caller, grantId, EndReason.REVOKED, why.isEmpty() ? null : why);
  }

  /**
   * An administrator's word that a stuck grant is gone.
   *
   * @param note how they know; required
   * @throws CurfewException NOT_FOUND, NOT_ALLOWED, WRONG_STATE unless stuck, INVALID, and those of
   *     the proof
   */
  @Recorded("attest")
  public void attest(Caller caller, String grantId, String note, Offered offered) {
    Rights.demandAdministrator(caller);
    String why = note(note);
    if (why.isEmpty()) {
      throw CurfewException.invalid("note", "say how you know that it is gone");
    }
    QuarkusTransaction.requiringNew().run(() -> refuseUnlessAttestable(caller, grantId));
    Act act = Act.of("attest").with("grant", grantId).with("note", why);
    Proof proof = proofs.spend(caller, act, Need.admin(mfa.adminAcceptCode()), offered);
    QuarkusTransaction.requiringNew()
        .run(
            () -> {
              proofs.consume(proof);
              grants.attest(caller, grantId, why, proof.proven());
            });
  }

  private void refuseUnlessAttestable(Caller caller, String grantId) {
    SeenGrant grant = reads.mustSee(caller, grantId);
    if (grant.mine()) {
      throw new CurfewException(
          Fault.NOT_ALLOWED, "somebody other than its person must attest that access is gone");
    }
    if (!grant.mayAttest()) {
      throw new CurfewException(
          Fault.WRONG_STATE, "only a stuck grant is attested; this one ends by proof");
    }
  }

  private static void refuseUnlessRevoker(Caller caller, AccessRequest request) {
    boolean administrator = caller.has(Role.ADMINISTRATOR) && caller.may(Scope.ADMIN);
    boolean approver = Rights.approves(caller, request) && caller.may(Scope.APPROVE);
    if (!administrator && !approver) {
      throw new CurfewException(
          Fault.NOT_ALLOWED, "only an administrator or an approver of it may revoke access");
    }
  }

  private static String note(String note) {
    String tidy = Texts.tidy(note);
    Texts.check("note", tidy, NOTE_LIMIT);
    return tidy;
  }
}

package dev.curfew.request;

import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.audit.Recorded;
import dev.curfew.grant.FindingView;
import dev.curfew.grant.Reconciler;
import dev.curfew.identity.Caller;
import dev.curfew.mfa.Act;
import dev.curfew.mfa.MfaConfig;
import dev.curfew.mfa.Need;
import dev.curfew.mfa.Offered;
import dev.curfew.mfa.Proof;
import dev.curfew.mfa.Proofs;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** What sweeps found at the targets without an owner, and an administrator's word about it. */
@ApplicationScoped
public class FindingFlow {

  private final Reconciler reconciler;
  private final Proofs proofs;
  private final MfaConfig mfa;

  FindingFlow(Reconciler reconciler, Proofs proofs, MfaConfig mfa) {
    this.reconciler = reconciler;
    this.proofs = proofs;
    this.mfa = mfa;
  }

  /**
   * Newest first; for administrators and auditors.
   *
   * @throws CurfewException NOT_ALLOWED
   */
  public List<FindingView> findings(Caller caller) {
    Rights.demandReaderOfAll(caller);
    return reconciler.findings();
  }

  /**
   * Says that an orphan of ours is to be taken away at the next look, though its own end is still
   * to come. Works while the broker only revokes.
   *
   * @throws CurfewException NOT_FOUND, NOT_ALLOWED, WRONG_STATE when it is not ours by its mark or
   *     was said before, and those of the proof
   */
  @Recorded("finding-release")
  public FindingView release(Caller caller, String finding, Offered offered) {
    Rights.demandAdministrator(caller);
    refuseUnlessOurs(one(finding));
    Act act = Act.of("finding-release").with("finding", finding);
    Proof proof = proofs.spend(caller, act, Need.admin(mfa.adminAcceptCode()), offered);
    QuarkusTransaction.requiringNew()
        .run(
            () -> {
              proofs.consume(proof);
              reconciler.release(caller, finding, proof.proven());
            });
    return one(finding);
  }

  private FindingView one(String finding) {
    return reconciler.findings().stream()
        .filter(found -> found.id().equals(finding))
        .findFirst()
        .orElseThrow(() -> CurfewException.notFound("finding"));
  }

  private static void refuseUnlessOurs(FindingView finding) {
    if (finding.kind() != FindingView.Kind.ORPHAN) {
      throw new CurfewException(
          Fault.WRONG_STATE, "this is not ours by its mark: its owner must remove it");
    }
    if (finding.released()) {
      throw new CurfewException(
          Fault.WRONG_STATE, "this was said already; it is taken away at the next look");
    }
  }
}

package dev.curfew.request;

import dev.curfew.CurfewException;
import dev.curfew.audit.Recorded;
import dev.curfew.grant.DifferenceView.Choice;
import dev.curfew.grant.Quarantine;
import dev.curfew.grant.QuarantineView;
import dev.curfew.grant.Witnesses;
import dev.curfew.identity.Caller;
import dev.curfew.mfa.Act;
import dev.curfew.mfa.MfaConfig;
import dev.curfew.mfa.Need;
import dev.curfew.mfa.Offered;
import dev.curfew.mfa.Proof;
import dev.curfew.mfa.Proofs;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Arrays;

/** A store that went back: what differs, what an administrator decides about it, and its end. */
@ApplicationScoped
public class QuarantineFlow {

  private final Quarantine quarantine;
  private final Witnesses witnesses;
  private final Proofs proofs;
  private final MfaConfig mfa;

  QuarantineFlow(Quarantine quarantine, Witnesses witnesses, Proofs proofs, MfaConfig mfa) {
    this.quarantine = quarantine;
    this.witnesses = witnesses;
    this.proofs = proofs;
    this.mfa = mfa;
  }

  /**
   * For administrators and auditors.
   *
   * @throws CurfewException NOT_ALLOWED
   */
  public QuarantineView view(Caller caller) {
    Rights.demandReaderOfAll(caller);
    return quarantine.view();
  }

  /**
   * What is to become of one difference. Works while the broker only revokes.
   *
   * @param choice ADOPT or REVOKE
   * @throws CurfewException NOT_ALLOWED, INVALID; NOT_FOUND; WRONG_STATE without a quarantine or
   *     when it is decided; and those of the proof
   */
  @Recorded("quarantine-decide")
  public QuarantineView decide(Caller caller, String finding, String choice, Offered offered) {
    Rights.demandAdministrator(caller);
    Choice chosen = choice(choice);
    quarantine.mayDecide(finding, chosen);
    Act act = Act.of("quarantine-decide").with("finding", finding).with("choice", choice);
    Proof proof = proofs.spend(caller, act, Need.admin(mfa.adminAcceptCode()), offered);
    QuarkusTransaction.requiringNew()
        .run(
            () -> {
              proofs.consume(proof);
              quarantine.decide(caller, finding, chosen, proof.proven());
            });
    return quarantine.view();
  }

  /**
   * Goes on from here, and tells every target so. What nobody decided about stays until the end its
   * mark names. Works while the broker only revokes.
   *
   * @throws CurfewException NOT_ALLOWED; WRONG_STATE without a quarantine; and those of the proof
   */
  @Recorded("quarantine-end")
  public QuarantineView end(Caller caller, Offered offered) {
    Rights.demandAdministrator(caller);
    quarantine.mayEnd();
    Act act = Act.of("quarantine-end");
    Proof proof = proofs.spend(caller, act, Need.admin(mfa.adminAcceptCode()), offered);
    QuarkusTransaction.requiringNew()
        .run(
            () -> {
              proofs.consume(proof);
              quarantine.end(caller, proof.proven());
            });
    witnesses.run();
    return quarantine.view();
  }

  private static Choice choice(String text) {
    return Arrays.stream(Choice.values())
        .filter(each -> each.name().equals(text))
        .findFirst()
        .orElseThrow(() -> CurfewException.invalid("choice", "say ADOPT or REVOKE"));
  }
}

package dev.curfew.request;

import dev.curfew.CurfewException;
import dev.curfew.audit.Recorded;
import dev.curfew.catalog.Catalog;
import dev.curfew.grant.TargetMemory;
import dev.curfew.identity.Caller;
import dev.curfew.mfa.Act;
import dev.curfew.mfa.MfaConfig;
import dev.curfew.mfa.Need;
import dev.curfew.mfa.Offered;
import dev.curfew.mfa.Proof;
import dev.curfew.mfa.Proofs;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;

/** An administrator's word that a target is another server from now on. */
@ApplicationScoped
public class ServerFlow {

  private final Catalog catalog;
  private final TargetMemory memory;
  private final Proofs proofs;
  private final MfaConfig mfa;

  ServerFlow(Catalog catalog, TargetMemory memory, Proofs proofs, MfaConfig mfa) {
    this.memory = memory;
    this.catalog = catalog;
    this.proofs = proofs;
    this.mfa = mfa;
  }

  /**
   * Accepts the server that answers in place of the known one, or the known one as it is after it
   * was put back in time, and checks the target again.
   *
   * @throws CurfewException NOT_FOUND, NOT_ALLOWED, WRONG_STATE when something else answers by now,
   *     and those of the proof
   */
  @Recorded("server-accept")
  public void accept(Caller caller, String target, String server, Offered offered) {
    Rights.demandAdministrator(caller);
    if (server == null || server.isBlank()) {
      throw CurfewException.invalid("server", "say which server is accepted");
    }
    boolean putBack = memory.putBackServer(target).filter(server::equals).isPresent();
    if (!putBack) {
      catalog.mayAcceptServer(target, server);
    }
    Act act = Act.of("server-accept").with("target", target).with("server", server);
    Proof proof = proofs.spend(caller, act, Need.admin(mfa.adminAcceptCode()), offered);
    QuarkusTransaction.requiringNew()
        .run(
            () -> {
              proofs.consume(proof);
              if (putBack) {
                memory.accept(caller, target, server, proof.proven());
              } else {
                catalog.acceptServer(caller, target, server, proof.proven());
              }
            });
    catalog.refresh(target);
  }
}

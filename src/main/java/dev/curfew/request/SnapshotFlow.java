package dev.curfew.request;

import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.audit.Recorded;
import dev.curfew.catalog.Snapshots;
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

/**
 * Accepts packs and rules that files propose. Works while the broker only revokes: it mends that.
 */
@ApplicationScoped
public class SnapshotFlow {

  private final Snapshots snapshots;
  private final StoredRequests requests;
  private final Proofs proofs;
  private final MfaConfig mfa;

  SnapshotFlow(Snapshots snapshots, StoredRequests requests, Proofs proofs, MfaConfig mfa) {
    this.snapshots = snapshots;
    this.requests = requests;
    this.proofs = proofs;
    this.mfa = mfa;
  }

  /**
   * @param digest of the proposal whose diff the administrator saw
   * @throws CurfewException NOT_FOUND, NOT_ALLOWED also for somebody whose own request it is about,
   *     WRONG_STATE, and those of the proof
   */
  @Recorded("snapshot-accept")
  public void accept(Caller caller, String digest, Offered offered) {
    Rights.demandAdministrator(caller);
    QuarkusTransaction.requiringNew().run(() -> refuseOwnCause(caller, digest));
    Act act = Act.of("snapshot-accept").with("digest", digest);
    Proof proof = proofs.spend(caller, act, Need.admin(mfa.adminAcceptCode()), offered);
    QuarkusTransaction.requiringNew().run(() -> accept(caller, digest, proof));
  }

  private void accept(Caller caller, String digest, Proof proof) {
    requests.oneAskAtATime(caller.person());
    refuseOwnCause(caller, digest);
    proofs.consume(proof);
    snapshots.accept(caller, digest, proof.proven());
  }

  /** Nobody bends the rules under a request of their own. */
  private void refuseOwnCause(Caller caller, String digest) {
    List<String> touched = snapshots.touched(digest);
    requests.pendingOf(caller.person()).stream()
        .map(request -> request.entitlement)
        .filter(touched::contains)
        .findFirst()
        .ifPresent(
            entitlement -> {
              throw new CurfewException(
                  Fault.NOT_ALLOWED,
                  "your own request for "
                      + entitlement
                      + " waits under these rules; cancel it or let another administrator accept");
            });
  }
}

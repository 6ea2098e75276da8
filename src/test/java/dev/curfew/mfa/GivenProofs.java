package dev.curfew.mfa;

import dev.curfew.Clocks;
import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.Ids;
import dev.curfew.identity.Caller;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Proofs for tests of what lies above them: whoever brings the code "123456" proved it, as often as
 * they like. How proofs are really checked is tested where they are.
 */
@Alternative
@Singleton
public class GivenProofs extends Proofs {

  public static final Offered GOOD = Offered.code("123456");

  private final Set<String> unused = ConcurrentHashMap.newKeySet();

  /** Since when the credential of the next proofs was enrolled. */
  public volatile Instant since = Instant.EPOCH;

  private final Clocks clocks;

  GivenProofs(Clocks clocks) {
    super(null, null, null, null);
    this.clocks = clocks;
  }

  @Override
  public Proof spend(Caller caller, Act act, Need need, Offered offered) {
    if (!offered.hasCode()) {
      throw new CurfewException(Fault.PROOF_REQUIRED, "this act needs a proof");
    }
    if (!need.codeEnough()) {
      throw new CurfewException(Fault.PROOF_REFUSED, "a passkey is needed here");
    }
    need.refuseUnsettled(since, clocks.now());
    String id = Ids.next();
    unused.add(id);
    return new Proof(
        id,
        Proof.Kind.CODE,
        caller.person(),
        "codes",
        since,
        Instant.EPOCH,
        "code, not bound, proof #" + id);
  }

  @Override
  public void consume(Proof proof) {
    if (!unused.remove(proof.id())) {
      throw new CurfewException(Fault.PROOF_REFUSED, "used before");
    }
  }
}

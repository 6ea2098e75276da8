package dev.curfew.mfa;

import dev.curfew.Clocks;
import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.audit.Audit;
import dev.curfew.audit.Entry;
import dev.curfew.audit.Kind;
import dev.curfew.identity.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.OptionalLong;
import org.jboss.logging.Logger;

/** Checks codes of authenticator apps: each works once, over all acts of its person. */
@ApplicationScoped
class Codes {

  private static final Logger LOG = Logger.getLogger(Codes.class);

  private final Seeds seeds;
  private final Clocks clocks;
  private final Audit audit;

  Codes(Seeds seeds, Clocks clocks, Audit audit) {
    this.seeds = seeds;
    this.clocks = clocks;
    this.audit = audit;
  }

  /** Uses the code up. Wrong ones are counted by the caller's transaction, which must commit. */
  StoredTotp claim(Caller caller, String code) {
    Instant now = clocks.now();
    CodeGuard guard = CodeGuard.lock(caller.person());
    guard.refuseWhileClosed(now);
    StoredTotp totp =
        StoredTotp.of(caller.person())
            .orElseThrow(
                () ->
                    new CurfewException(Fault.PROOF_REFUSED, "you have no authenticator app here"));
    OptionalLong step =
        Totp.stepOf(seeds.open(totp.person, totp.sealedSeed), code, clocks.storeTime());
    if (step.isEmpty()) {
      throw wrong(caller, guard, now);
    }
    if (step.getAsLong() <= totp.lastStep) {
      throw new CurfewException(
              Fault.CODE_USED, "this code was used before; wait for the next one in your app")
          .retryAfter(Totp.untilNextStep(clocks.storeTime()));
    }
    totp.lastStep = step.getAsLong();
    guard.right();
    return totp;
  }

  CurfewException wrong(Caller caller, CodeGuard guard, Instant now) {
    if (guard.wrong(now)) {
      LOG.errorf("codes of person %s are off: too many wrong ones in a row", caller.person());
      audit.record(Entry.of(Kind.CODES_OFF, caller).subject(caller.person()));
    }
    return new CurfewException(Fault.PROOF_REFUSED, "this code is wrong; take the one shown now");
  }
}

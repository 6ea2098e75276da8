package dev.curfew.mfa;

import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.audit.Recorded;
import dev.curfew.identity.Caller;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.concurrent.Callable;

/** A person's own keys and codes, each change with a fresh proof. */
@ApplicationScoped
public class KeysFlow {

  private final Proofs proofs;
  private final Enrolment enrolment;
  private final Keys keys;
  private final MfaConfig config;

  KeysFlow(Proofs proofs, Enrolment enrolment, Keys keys, MfaConfig config) {
    this.proofs = proofs;
    this.enrolment = enrolment;
    this.keys = keys;
    this.config = config;
  }

  /**
   * The first passkey of somebody who has only codes may be added with a code, and counts as a code
   * for 24 hours.
   *
   * @param user the sign-in name, which the passkey will show
   * @return recovery codes to show once; empty when there are some
   */
  @Recorded("key-add")
  public List<String> addPasskey(
      Caller caller, String user, Enrolment.NewPasskey made, Offered offered) {
    requireFullScope(caller);
    Factors factors = keys.of(caller.person());
    Need need = Need.atOnce(config.adminAcceptCode() || factors.passkeys().isEmpty());
    Proof proof = proofs.spend(caller, Act.of("key-add"), need, offered);
    return with(proof, () -> enrolment.addPasskey(caller, user, made, proof));
  }

  @Recorded("key-remove")
  public void removePasskey(Caller caller, String key, Offered offered) {
    requireFullScope(caller);
    enrolment.mustBe(caller, key);
    Factors factors = keys.of(caller.person());
    if (factors.passkeys().size() == 1 && !factors.codes()) {
      throw last();
    }
    Proof proof = takeAway(caller, Act.of("key-remove").with("key", key), offered);
    with(
        proof,
        () -> {
          enrolment.removePasskey(caller, key, proof);
          return null;
        });
  }

  /** Options for a passkey to come; worth nothing until {@link #addPasskey} takes it into use. */
  public Enrolment.Creation startPasskey(Caller caller, String user) {
    requireFullScope(caller);
    return enrolment.startPasskey(caller, user);
  }

  /** The seed of an app to come; worth nothing until {@link #addCodes} takes it into use. */
  public Enrolment.Draft draftCodes(Caller caller, String user) {
    requireFullScope(caller);
    return enrolment.draftCodes(caller, user);
  }

  /** Confirms the drafted seed by its first code; answers recovery codes to show once. */
  @Recorded("codes-add")
  public List<String> addCodes(Caller caller, String firstCode, Offered offered) {
    requireFullScope(caller);
    Proof proof = spend(caller, Act.of("codes-add"), offered);
    return with(proof, () -> enrolment.addCodes(caller, firstCode, proof));
  }

  @Recorded("codes-remove")
  public void removeCodes(Caller caller, Offered offered) {
    requireFullScope(caller);
    Factors factors = keys.of(caller.person());
    if (!factors.codes()) {
      throw CurfewException.notFound("authenticator app");
    }
    if (factors.passkeys().isEmpty()) {
      throw last();
    }
    Proof proof = takeAway(caller, Act.of("codes-remove"), offered);
    with(
        proof,
        () -> {
          enrolment.removeCodes(caller, proof);
          return null;
        });
  }

  /** New recovery codes in place of the old ones, to show once. */
  @Recorded("recovery-renew")
  public List<String> renewRecoveryCodes(Caller caller, Offered offered) {
    requireFullScope(caller);
    Proof proof = spend(caller, Act.of("recovery-renew"), offered);
    return with(proof, () -> enrolment.renewRecoveryCodes(caller, proof));
  }

  private Proof spend(Caller caller, Act act, Offered offered) {
    return proofs.spend(caller, act, Need.atOnce(config.adminAcceptCode()), offered);
  }

  /** Who has just recovered an account does not take from it what its owner may still hold. */
  private Proof takeAway(Caller caller, Act act, Offered offered) {
    return proofs.spend(caller, act, Need.admin(config.adminAcceptCode()), offered);
  }

  /**
   * The act in a transaction that begins after the proof's own: a flow that held one connection
   * while it waited for a second could empty the pool that revocations need.
   */
  private <T> T with(Proof proof, Callable<T> act) {
    return QuarkusTransaction.requiringNew()
        .call(
            () -> {
              proofs.consume(proof);
              return act.call();
            });
  }

  /** A narrow token must not widen what opens the account. */
  private static void requireFullScope(Caller caller) {
    if (!caller.mayAll()) {
      throw new CurfewException(
          Fault.NOT_ALLOWED, "keys are changed in the browser, or by a token with every scope");
    }
  }

  private static CurfewException last() {
    return new CurfewException(
        Fault.WRONG_STATE, "this is your only second factor; add another one first");
  }
}

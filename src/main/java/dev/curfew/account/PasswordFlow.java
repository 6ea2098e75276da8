package dev.curfew.account;

import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.audit.Audit;
import dev.curfew.audit.Entry;
import dev.curfew.audit.Kind;
import dev.curfew.audit.Recorded;
import dev.curfew.identity.Caller;
import dev.curfew.mfa.Act;
import dev.curfew.mfa.Need;
import dev.curfew.mfa.Offered;
import dev.curfew.mfa.Proof;
import dev.curfew.mfa.Proofs;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;

/** Somebody's own new password, by the old one and a fresh proof; it ends their other sessions. */
@ApplicationScoped
public class PasswordFlow {

  /** No password is part of it: an act is stored. */
  private static final Act CHANGE = Act.of("password-change");

  /** The old password and the new one; never printed. */
  public record Change(String old, String chosen) {

    @Override
    public String toString() {
      return "Change[redacted]";
    }
  }

  private final LocalAccounts accounts;
  private final Sessions sessions;
  private final Throttle throttle;
  private final Proofs proofs;
  private final Audit audit;

  PasswordFlow(
      LocalAccounts accounts, Sessions sessions, Throttle throttle, Proofs proofs, Audit audit) {
    this.accounts = accounts;
    this.sessions = sessions;
    this.throttle = throttle;
    this.proofs = proofs;
    this.audit = audit;
  }

  /**
   * Wrong old passwords count like wrong ones at sign-in. Passwords are compared outside every
   * transaction.
   *
   * @param user the caller's sign-in name
   * @throws CurfewException INVALID for a new password that is not fit or an old one that is wrong,
   *     THROTTLED, and what the proof refuses with
   */
  @Recorded("password-change")
  public void change(Caller caller, String user, Change change, Offered offered) {
    if (!caller.mayAll()) {
      throw new CurfewException(
          Fault.NOT_ALLOWED,
          "a password is changed in the browser, or by a token with every scope");
    }
    Password chosen = Password.chosen(change.chosen());
    requireOld(caller, user, change.old());
    Proof proof = proofs.spend(caller, CHANGE, Need.signIn(), offered);
    QuarkusTransaction.requiringNew().run(() -> changed(caller, chosen, proof));
  }

  private void requireOld(Caller caller, String user, String old) {
    String hash =
        QuarkusTransaction.requiringNew()
            .call(() -> accounts.find(user).map(LocalAccounts.Local::passwordHash).orElse(null));
    throttle.enter(user, caller.address());
    if (!Password.typed(old).matches(hash)) {
      throw CurfewException.invalid("old", "this is not your password; mind capital letters");
    }
    throttle.succeeded(user, caller.address());
  }

  private void changed(Caller caller, Password chosen, Proof proof) {
    proofs.consume(proof);
    accounts.password(caller.person(), chosen);
    sessions.endAllBut(caller.person(), caller.session().id());
    audit.record(
        Entry.of(Kind.PASSWORD_CHANGED, caller)
            .subject(caller.person())
            .with("how", "old password")
            .with(proof.proven()));
  }
}

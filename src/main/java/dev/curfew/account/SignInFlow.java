package dev.curfew.account;

import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.audit.Audit;
import dev.curfew.audit.Entry;
import dev.curfew.audit.Kind;
import dev.curfew.audit.Refusals;
import dev.curfew.identity.Caller;
import dev.curfew.mfa.Act;
import dev.curfew.mfa.Enrolment;
import dev.curfew.mfa.Need;
import dev.curfew.mfa.Offered;
import dev.curfew.mfa.Proof;
import dev.curfew.mfa.Proofs;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.Optional;

/** Signing in and out. Refusals say nothing of which part was wrong. */
@ApplicationScoped
public class SignInFlow {

  /** The act a second factor is shown for; a page asks for its challenge by this name. */
  public static final Act SIGN_IN = Act.of("sign-in");

  private static final int LONGEST_USER = 200;

  private final LocalAccounts accounts;
  private final People people;
  private final Sessions sessions;
  private final Tokens tokens;
  private final Throttle throttle;
  private final Proofs proofs;
  private final Enrolment enrolment;
  private final Audit audit;
  private final Refusals refusals;

  SignInFlow(
      LocalAccounts accounts,
      People people,
      Sessions sessions,
      Tokens tokens,
      Throttle throttle,
      Proofs proofs,
      Enrolment enrolment,
      Audit audit,
      Refusals refusals) {
    this.accounts = accounts;
    this.people = people;
    this.sessions = sessions;
    this.tokens = tokens;
    this.throttle = throttle;
    this.proofs = proofs;
    this.enrolment = enrolment;
    this.audit = audit;
    this.refusals = refusals;
  }

  /**
   * The first step: a session that reaches the second-factor page alone. The password is compared
   * outside every transaction, and for an unknown name just as long as for a known one.
   *
   * @throws CurfewException SIGN_IN_REFUSED, THROTTLED
   */
  public Opened password(String user, String password, Visitor visitor) {
    String name = user == null || user.length() > LONGEST_USER ? "" : user;
    Optional<LocalAccounts.Local> account =
        QuarkusTransaction.requiringNew().call(() -> accounts.find(name));
    String person = account.map(LocalAccounts.Local::person).orElse(null);
    try {
      throttle.enter(name, visitor.address());
      String hash = account.map(LocalAccounts.Local::passwordHash).orElse(null);
      if (!Password.typed(password).matches(hash)) {
        throw new CurfewException(
            Fault.SIGN_IN_REFUSED, "name and password do not fit; mind capital letters");
      }
    } catch (CurfewException refusal) {
      refusals.atTheDoor(Kind.SIGN_IN_REFUSED, "sign-in", visitor.address(), person, refusal);
      throw refusal;
    }
    throttle.succeeded(name, visitor.address());
    return QuarkusTransaction.requiringNew()
        .call(() -> sessions.open(people.mustBe(person), Level.PASSWORD, visitor));
  }

  /** The second step: a passkey or a code; the session is full and has its first proof. */
  public Opened secondFactor(SignedIn who, Offered offered) {
    Proof proof;
    try {
      requireLevel(who, Level.PASSWORD);
      proof = proofs.spend(who.caller(), SIGN_IN, Need.signIn(), offered);
    } catch (CurfewException refusal) {
      refusals.atTheDoor(
          Kind.SIGN_IN_REFUSED,
          "second-factor",
          who.caller().address(),
          who.caller().person(),
          refusal);
      throw refusal;
    }
    return QuarkusTransaction.requiringNew().call(() -> raise(who, proof));
  }

  private Opened raise(SignedIn who, Proof proof) {
    proofs.consume(proof);
    Opened opened = sessions.raise(who, Level.FULL);
    audit.record(
        Entry.of(Kind.SIGNED_IN, opened.who().caller())
            .subject(who.caller().person())
            .with("method", "password, " + proof.words().replaceAll(",.*", ""))
            .with("factors", 2));
    return opened;
  }

  /**
   * The way back in with a recovery code: it opens enrolment, ends all other sessions and all
   * tokens, and is never a proof.
   */
  public Opened recover(SignedIn who, String code) {
    try {
      requireLevel(who, Level.PASSWORD);
      enrolment.recover(who.caller(), code, () -> endEverythingElse(who.caller()));
    } catch (CurfewException refusal) {
      refusals.atTheDoor(
          Kind.SIGN_IN_REFUSED,
          "recovery-code",
          who.caller().address(),
          who.caller().person(),
          refusal);
      throw refusal;
    }
    return QuarkusTransaction.requiringNew().call(() -> sessions.raise(who, Level.ENROLLING));
  }

  private void endEverythingElse(Caller caller) {
    sessions.endAllBut(caller.person(), caller.session().id());
    tokens.endAll(caller.person());
  }

  /** Ends this session, or this token when a script signs out. */
  @Transactional
  public void out(Caller caller) {
    boolean page = caller.session().kind() == dev.curfew.identity.Session.Kind.PAGE;
    boolean ended =
        page
            ? sessions.end(caller.person(), caller.session().id())
            : tokens.end(caller.person(), caller.session().id());
    if (ended) {
      audit.record(
          Entry.of(Kind.SIGNED_OUT, caller)
              .subject(caller.person())
              .with("sessions", page ? 1 : 0)
              .with("tokens", page ? 0 : 1));
    }
  }

  /** Ends one other session of the caller. */
  @Transactional
  public void end(Caller caller, String session) {
    TokenFlow.requireAll(caller);
    if (!sessions.end(caller.person(), session)) {
      throw CurfewException.notFound("session");
    }
    audit.record(Entry.of(Kind.SIGNED_OUT, caller).subject(caller.person()).with("sessions", 1));
  }

  /** Ends every session and every token of the caller, this one too. */
  @Transactional
  public void everywhere(Caller caller) {
    TokenFlow.requireAll(caller);
    int pages = sessions.endAllBut(caller.person(), "");
    int scripts = tokens.endAll(caller.person());
    if (pages + scripts > 0) { // else another call ended them meanwhile
      audit.record(
          Entry.of(Kind.SIGNED_OUT, caller)
              .subject(caller.person())
              .with("sessions", pages)
              .with("tokens", scripts));
    }
  }

  private static void requireLevel(SignedIn who, Level level) {
    if (who.level() != level) {
      throw new CurfewException(Fault.WRONG_STATE, "you are past this step of signing in");
    }
  }
}

package dev.curfew.account;

import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.audit.Audit;
import dev.curfew.audit.Entry;
import dev.curfew.audit.Kind;
import dev.curfew.audit.Refusals;
import dev.curfew.mfa.Enrolment;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The first way in, and the way back in: by a one-time link, or after a recovery code. It ends with
 * a second factor enrolled and a full session; until then the link stays good.
 */
@ApplicationScoped
public class EnrolFlow {

  /**
   * Whom a link is for.
   *
   * @param opened whether a password was chosen by it; it is asked for from then on
   */
  public record Welcome(String name, String user, boolean opened) {}

  /**
   * Enrolled and signed in.
   *
   * @param recoveryCodes to show once; empty when the person has some
   */
  public record Enrolled(Opened opened, List<String> recoveryCodes) {

    @Override
    public String toString() {
      return "Enrolled[redacted]";
    }
  }

  private final Links links;
  private final LocalAccounts accounts;
  private final People people;
  private final Sessions sessions;
  private final Throttle throttle;
  private final Enrolment enrolment;
  private final Audit audit;
  private final Refusals refusals;

  EnrolFlow(
      Links links,
      LocalAccounts accounts,
      People people,
      Sessions sessions,
      Throttle throttle,
      Enrolment enrolment,
      Audit audit,
      Refusals refusals) {
    this.links = links;
    this.accounts = accounts;
    this.people = people;
    this.sessions = sessions;
    this.throttle = throttle;
    this.enrolment = enrolment;
    this.audit = audit;
    this.refusals = refusals;
  }

  /** What the link's page says; changes nothing. */
  @Transactional
  public Optional<Welcome> look(String secret) {
    return links
        .person(secret)
        .flatMap(people::person)
        .map(person -> new Welcome(person.name(), person.user(), links.isOpened(secret)));
  }

  /**
   * Sets the password and opens enrolment; a link that was opened before asks for the password that
   * was chosen then.
   *
   * @throws CurfewException SIGN_IN_REFUSED, THROTTLED; INVALID for a password that is not fit
   */
  public Opened open(String secret, String password, Visitor visitor) {
    try {
      boolean before = QuarkusTransaction.requiringNew().call(() -> links.isOpened(secret));
      if (before) {
        requireChosen(secret, password, visitor);
      }
      return QuarkusTransaction.requiringNew()
          .call(() -> before ? again(secret, visitor) : opened(secret, password, visitor));
    } catch (CurfewException refusal) {
      refusals.atTheDoor(
          Kind.ENROLMENT_REFUSED, "enrol", visitor.address(), whose(secret), refusal);
      throw refusal;
    }
  }

  private Opened opened(String secret, String password, Visitor visitor) {
    Person person = links.person(secret).flatMap(people::person).orElseThrow(EnrolFlow::noLink);
    Password chosen = Password.chosen(password);
    if (!links.open(secret)) {
      throw takenLink();
    }
    accounts.password(person.id(), chosen);
    Opened opened = sessions.open(person, Level.ENROLLING, visitor);
    audit.record(
        Entry.of(Kind.PASSWORD_CHANGED, opened.who().caller())
            .subject(person.id())
            .with("how", "one-time link"));
    return opened;
  }

  /** Compared outside every transaction, and delayed like any sign-in. */
  private void requireChosen(String secret, String password, Visitor visitor) {
    Welcome welcome = look(secret).orElseThrow(EnrolFlow::noLink);
    throttle.enter(welcome.user(), visitor.address());
    String hash =
        QuarkusTransaction.requiringNew()
            .call(() -> accounts.find(welcome.user()))
            .map(LocalAccounts.Local::passwordHash)
            .orElse(null);
    if (!Password.typed(password).matches(hash)) {
      throw takenLink();
    }
    throttle.succeeded(welcome.user(), visitor.address());
  }

  private Opened again(String secret, Visitor visitor) {
    Person person = links.person(secret).flatMap(people::person).orElseThrow(EnrolFlow::noLink);
    return sessions.open(person, Level.ENROLLING, visitor);
  }

  public Enrolled passkey(SignedIn who, Enrolment.NewPasskey made) {
    return finish(who, () -> enrolment.addPasskey(who.caller(), who.user(), made, null));
  }

  public Enrolled codes(SignedIn who, String firstCode) {
    return finish(who, () -> enrolment.addCodes(who.caller(), firstCode, null));
  }

  /** Whom a link is for: who tries it is unknown, whose it is need not be. */
  private String whose(String secret) {
    return QuarkusTransaction.requiringNew().call(() -> links.person(secret)).orElse(null);
  }

  private Enrolled finish(SignedIn who, Supplier<List<String>> enrol) {
    try {
      return QuarkusTransaction.requiringNew().call(() -> finished(who, enrol));
    } catch (CurfewException refusal) {
      refusals.atTheDoor(
          Kind.ENROLMENT_REFUSED, "enrol", who.caller().address(), who.caller().person(), refusal);
      throw refusal;
    }
  }

  private Enrolled finished(SignedIn who, Supplier<List<String>> enrol) {
    if (who.level() != Level.ENROLLING) {
      throw new CurfewException(
          Fault.WRONG_STATE, "you are signed in; add keys under Security keys and tokens");
    }
    List<String> recoveryCodes = enrol.get();
    if (links.use(who.caller().person()) > 0) {
      audit.record(Entry.of(Kind.LINK_USED, who.caller()).subject(who.caller().person()));
    }
    sessions.endAllBut(who.caller().person(), who.caller().session().id());
    Opened opened = sessions.raise(who, Level.FULL);
    audit.record(
        Entry.of(Kind.SIGNED_IN, opened.who().caller())
            .subject(who.caller().person())
            .with("method", "enrolment"));
    return new Enrolled(opened, recoveryCodes);
  }

  private static CurfewException takenLink() {
    return new CurfewException(
        Fault.SIGN_IN_REFUSED,
        "this link was used, and this is not the password chosen then; if that was not you, ask an"
            + " administrator to reset your account");
  }

  private static CurfewException noLink() {
    return new CurfewException(
        Fault.SIGN_IN_REFUSED,
        "this link was used, is older than 24 hours or never was; ask an administrator for a new"
            + " one");
  }
}

package dev.curfew.account;

import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.audit.Audit;
import dev.curfew.audit.Entry;
import dev.curfew.audit.Kind;
import dev.curfew.identity.Caller;
import dev.curfew.identity.Role;
import dev.curfew.mfa.Enrolment;
import dev.curfew.mfa.FirstDay;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.Set;
import java.util.TreeSet;

/** People who are there from the start: the demo's, and the first administrator. */
@ApplicationScoped
public class Seed {

  /**
   * @param user sign-in name
   * @param totpSecret base32, as in an otpauth URI
   */
  public record Settled(
      String user, String name, String password, Set<String> groups, String totpSecret) {

    @Override
    public String toString() {
      return "Settled[" + user + "]";
    }
  }

  private final LocalAccounts accounts;
  private final Links links;
  private final People people;
  private final Enrolment enrolment;
  private final FirstDay firstDay;
  private final Audit audit;

  Seed(
      LocalAccounts accounts,
      Links links,
      People people,
      Enrolment enrolment,
      FirstDay firstDay,
      Audit audit) {
    this.accounts = accounts;
    this.links = links;
    this.people = people;
    this.enrolment = enrolment;
    this.firstDay = firstDay;
    this.audit = audit;
  }

  /**
   * Makes the person if the user name is free, with a second factor, settled; else does nothing.
   */
  @Transactional
  public void person(Settled settled) {
    if (accounts.isTaken(settled.user())) {
      return;
    }
    Password password = Password.chosen(settled.password());
    Person person = accounts.add(settled.user(), settled.name(), settled.groups(), true);
    accounts.password(person.id(), password);
    enrolment.seedCodes(person.id(), settled.totpSecret());
    audit.record(added(Caller.BROKER, person));
  }

  /**
   * The first administrator of an installation and the link to enrol by.
   *
   * @param operator who holds the set-up token
   * @throws CurfewException WRONG_STATE once there is an administrator
   */
  @Transactional
  public Link firstAdministrator(Caller operator, String user, String name) {
    firstDay.lock(); // each node has a token of its own
    if (hasAdministrator()) {
      throw new CurfewException(Fault.WRONG_STATE, "this installation has an administrator");
    }
    if (people.list().isEmpty()) {
      firstDay.begin();
    }
    Person person = accounts.add(user, name, Set.of(Role.ADMINISTRATOR.group()), true);
    audit.record(Entry.of(Kind.INSTALLATION_SET_UP, operator).with("how", "set-up token"));
    audit.record(added(operator, person));
    return links.make(person.id());
  }

  /** Whether somebody is an enabled administrator. */
  public boolean hasAdministrator() {
    return !people.members(Role.ADMINISTRATOR.group()).isEmpty();
  }

  private static Entry added(Caller by, Person person) {
    return Entry.of(Kind.PERSON_ADDED, by)
        .subject(person.id())
        .with("groups", new TreeSet<>(person.groups()).stream().toList())
        .with("issuer", People.LOCAL);
  }
}

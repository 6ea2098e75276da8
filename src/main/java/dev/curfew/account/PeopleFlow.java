package dev.curfew.account;

import static jakarta.transaction.Transactional.TxType.MANDATORY;

import dev.curfew.Clocks;
import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.audit.Audit;
import dev.curfew.audit.Entry;
import dev.curfew.audit.Kind;
import dev.curfew.audit.Recorded;
import dev.curfew.identity.Caller;
import dev.curfew.identity.Role;
import dev.curfew.identity.Scope;
import dev.curfew.mfa.Act;
import dev.curfew.mfa.Enrolment;
import dev.curfew.mfa.FirstDay;
import dev.curfew.mfa.MfaConfig;
import dev.curfew.mfa.Need;
import dev.curfew.mfa.Offered;
import dev.curfew.mfa.Proof;
import dev.curfew.mfa.Proofs;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/** An administrator's acts on people and groups, each with a proof. */
@ApplicationScoped
public class PeopleFlow {

  /** Who to add. */
  public record Add(String user, String name, Set<String> groups) {

    public Add {
      groups =
          groups == null
              ? Set.of()
              : groups.stream()
                  .map(group -> group == null ? "" : group)
                  .collect(Collectors.toUnmodifiableSet());
    }

    /** {@code groups} sorted, by a space. */
    public Act act() {
      return Act.of("person-add")
          .with("user", user)
          .with("name", name)
          .with("groups", String.join(" ", new TreeSet<>(groups)));
    }
  }

  /** What disabling took away. */
  public record Disabled(int sessions, int tokens) {}

  private final LocalAccounts accounts;
  private final Links links;
  private final People people;
  private final Sessions sessions;
  private final Tokens tokens;
  private final Enrolment enrolment;
  private final RuleGroups ruleGroups;
  private final Proofs proofs;
  private final MfaConfig mfa;
  private final FirstDay firstDay;
  private final Clocks clocks;
  private final Audit audit;

  PeopleFlow(
      LocalAccounts accounts,
      Links links,
      People people,
      Sessions sessions,
      Tokens tokens,
      Enrolment enrolment,
      RuleGroups ruleGroups,
      Proofs proofs,
      MfaConfig mfa,
      FirstDay firstDay,
      Clocks clocks,
      Audit audit) {
    this.accounts = accounts;
    this.links = links;
    this.people = people;
    this.sessions = sessions;
    this.tokens = tokens;
    this.enrolment = enrolment;
    this.ruleGroups = ruleGroups;
    this.proofs = proofs;
    this.mfa = mfa;
    this.firstDay = firstDay;
    this.clocks = clocks;
    this.audit = audit;
  }

  /** Adds a person and answers the one-time link by which they enrol. */
  @Recorded("person-add")
  public Link add(Caller caller, Add add, Offered offered) {
    requireAdministrator(caller);
    accounts.requireFit(add.user(), add.name(), add.groups());
    add.groups().forEach(group -> requireKnown("groups", group));
    Proof proof = spend(caller, add.act(), offered);
    return with(
        proof,
        () -> {
          Person person = accounts.add(add.user(), add.name(), add.groups(), firstDay.isToday());
          record(
              Entry.of(Kind.PERSON_ADDED, caller)
                  .subject(person.id())
                  .with("groups", new TreeSet<>(add.groups()).stream().toList())
                  .with("issuer", People.LOCAL),
              proof);
          return links.make(person.id());
        });
  }

  /** Takes password, keys, codes, sessions and tokens from somebody and answers a new link. */
  @Recorded("person-reset")
  public Link reset(Caller caller, String person, Offered offered) {
    requireAdministrator(caller);
    Person found = mustBeEnabled(person);
    Proof proof = spend(caller, Act.of("person-reset").with("person", person), offered);
    return with(
        proof,
        () -> {
          accounts.forgetPassword(person);
          enrolment.removeAll(person);
          sessions.endAllBut(person, "");
          tokens.endAll(person);
          record(Entry.of(Kind.PERSON_RESET, caller).subject(found.id()), proof);
          return links.make(person);
        });
  }

  @Recorded("group-join")
  public void join(Caller caller, String person, String group, Offered offered) {
    requireAdministrator(caller);
    mustBeEnabled(person);
    LocalAccounts.requireGroup(group);
    requireKnown("group", group);
    Proof proof = spend(caller, groupAct("group-join", person, group), offered);
    with(
        proof,
        () -> {
          if (accounts.join(person, group, firstDay.isToday())) {
            record(Entry.of(Kind.GROUP_JOINED, caller).subject(person).with("group", group), proof);
          }
          return null;
        });
  }

  /** The last administrator cannot leave: nobody could let the next one in. */
  @Recorded("group-leave")
  public void leave(Caller caller, String person, String group, Offered offered) {
    requireAdministrator(caller);
    people.mustBe(person);
    LocalAccounts.requireGroup(group);
    if (group.equals(Role.ADMINISTRATOR.group())) {
      requireAnotherAdministrator(person);
    }
    Proof proof = spend(caller, groupAct("group-leave", person, group), offered);
    with(
        proof,
        () -> {
          if (group.equals(Role.ADMINISTRATOR.group())) {
            lockAdministrators();
            requireAnotherAdministrator(person);
          }
          if (!accounts.leave(person, group)) {
            throw new CurfewException(Fault.WRONG_STATE, "they are not in this group");
          }
          record(Entry.of(Kind.GROUP_LEFT, caller).subject(person).with("group", group), proof);
          return null;
        });
  }

  /**
   * The account's part of disabling somebody, in the transaction of the flow that does the rest and
   * writes the entry of the whole act: ends sessions, tokens and links and closes the account.
   *
   * @throws CurfewException NOT_ALLOWED for a caller who is no administrator, WRONG_STATE when it
   *     was done before or would leave no administrator
   */
  @Transactional(MANDATORY)
  public Disabled disable(Caller caller, String person) {
    requireAdministrator(caller);
    mustBeEnabled(person);
    lockAdministrators();
    requireAnotherAdministrator(person);
    StoredPerson row = StoredPerson.findById(person);
    row.enabled = false;
    row.disabledAt = clocks.now();
    links.endAll(person);
    return new Disabled(sessions.endAllBut(person, ""), tokens.endAll(person));
  }

  /** Refuses as disabling would, before a proof is asked for. */
  public void mayDisable(Caller caller, String person) {
    requireAdministrator(caller);
    mustBeEnabled(person);
    requireAnotherAdministrator(person);
  }

  /** All groups somebody is in, those that rules name, and the reserved ones; sorted. */
  public List<String> groups() {
    SortedSet<String> groups = new TreeSet<>(people.groups());
    groups.addAll(ruleGroups.named());
    return List.copyOf(groups);
  }

  /** A misspelt group would be a new one, and its member would wonder why nothing opens. */
  private void requireKnown(String field, String group) {
    if (!people.groups().contains(group) && !ruleGroups.mayName(group)) {
      throw CurfewException.invalid(
          field,
          "nobody is in a group "
              + group
              + " and no rule names it; there are "
              + String.join(", ", groups()));
    }
  }

  private Proof spend(Caller caller, Act act, Offered offered) {
    return proofs.spend(caller, act, Need.admin(mfa.adminAcceptCode()), offered);
  }

  /**
   * The act in a transaction that begins after the proof's own, so that it waits for no second
   * connection.
   */
  private <T> T with(Proof proof, Callable<T> act) {
    return QuarkusTransaction.requiringNew()
        .call(
            () -> {
              proofs.consume(proof);
              return act.call();
            });
  }

  /** Two administrators who disable each other at once must not both succeed. */
  private static void lockAdministrators() {
    StoredPerson.getEntityManager()
        .createNativeQuery("select 1 from pg_advisory_xact_lock(hashtext('curfew administrators'))")
        .getSingleResult();
  }

  private Person mustBeEnabled(String person) {
    Person found = people.mustBe(person);
    if (!found.enabled()) {
      throw new CurfewException(Fault.WRONG_STATE, found.name() + " is disabled");
    }
    return found;
  }

  private void requireAnotherAdministrator(String person) {
    boolean another =
        people.members(Role.ADMINISTRATOR.group()).stream()
            .anyMatch(member -> !member.person().equals(person));
    if (!another) {
      throw new CurfewException(
          Fault.WRONG_STATE, "this is the last administrator; make another one first");
    }
  }

  private void record(Entry entry, Proof proof) {
    audit.record(entry.with(proof.proven()));
  }

  private static Act groupAct(String name, String person, String group) {
    return Act.of(name).with("person", person).with("group", group);
  }

  /**
   * @throws CurfewException NOT_ALLOWED, before anything is looked up: it tells nothing of what
   *     there is
   */
  public static void requireAdministrator(Caller caller) {
    if (!caller.has(Role.ADMINISTRATOR)) {
      throw new CurfewException(Fault.NOT_ALLOWED, "only an administrator may do that");
    }
    if (!caller.may(Scope.ADMIN)) {
      throw new CurfewException(Fault.NOT_ALLOWED, "this token lacks the scope admin");
    }
  }
}

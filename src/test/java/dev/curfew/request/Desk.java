package dev.curfew.request;

import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.account.People;
import dev.curfew.account.Person;
import dev.curfew.account.Seed;
import dev.curfew.approval.Choice;
import dev.curfew.identity.Caller;
import dev.curfew.identity.Scope;
import dev.curfew.identity.Session;
import dev.curfew.mfa.GivenProofs;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.function.Executable;

/** What tests of requests do over and over: people who ask, vote and read, and the refusals. */
@Alternative
@ApplicationScoped
class Desk {

  private final Seed seed;
  private final People people;
  private final RequestFlow flow;
  private final EntityManager store;
  private final GivenProofs proofs;

  Desk(Seed seed, People people, RequestFlow flow, EntityManager store, GivenProofs proofs) {
    this.seed = seed;
    this.people = people;
    this.flow = flow;
    this.store = store;
    this.proofs = proofs;
  }

  /** Nobody asked for anything, and the people are as they were. */
  @Transactional
  public void clear() {
    proofs.since = Instant.EPOCH;
    store
        .createNativeQuery(
            "truncate access_request, request_reason, request_decision, request_stage, vote,"
                + " vote_reason, pickup_key, access_grant, grant_fact, grant_finding,"
                + " audit_refusal")
        .executeUpdate();
  }

  /** Somebody new each time, settled; so that no test meets another's people or history. */
  Caller person(String name, String... groups) {
    String user = name.toLowerCase(Locale.ROOT) + System.nanoTime();
    seed.person(
        new Seed.Settled(
            user,
            name,
            "a password of " + user,
            Set.of(groups),
            "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"));
    return caller(
        people.list().stream().filter(one -> one.user().equals(user)).findFirst().orElseThrow());
  }

  Caller caller(Person person) {
    return new Caller(
        person.id(),
        person.name(),
        person.groups(),
        new Session(Session.Kind.PAGE, "session-of-" + person.id()),
        Set.of(Scope.values()),
        "192.0.2.7");
  }

  RequestView ask(Caller caller, String entitlement) {
    return ask(caller, new Submit(entitlement, 30, "to look at order 7", ""));
  }

  RequestView ask(Caller caller, Submit submit) {
    return flow.submit(caller, submit, GivenProofs.GOOD, null);
  }

  RequestView approve(Caller voter, RequestView request) {
    return vote(voter, request, Choice.APPROVE, "");
  }

  RequestView deny(Caller voter, RequestView request, String reason) {
    return vote(voter, request, Choice.DENY, reason);
  }

  RequestView vote(Caller voter, RequestView request, Choice choice, String reason) {
    return flow.vote(
        voter, new Vote(request.id(), choice, reason, request.shown()), GivenProofs.GOOD);
  }

  /** Refused with that fault, and with exactly one entry in the history. */
  CurfewException refused(Fault fault, Caller caller, Executable act) {
    long before = refusals(caller);
    CurfewException refusal = Assertions.assertThrows(CurfewException.class, act);
    Assertions.assertEquals(fault, refusal.fault(), refusal.getMessage());
    Assertions.assertEquals(before + 1, refusals(caller), "entries of the refusal");
    return refusal;
  }

  @Transactional
  public long refusals(Caller caller) {
    return count(
        "select count(*) from audit_entry where kind = 'refused' and actor = '"
            + caller.person()
            + "'");
  }

  @Transactional
  public long count(String sql) {
    return ((Number) store.createNativeQuery(sql).getSingleResult()).longValue();
  }

  @Transactional
  public void sql(String statement) {
    store.createNativeQuery(statement).executeUpdate();
  }
}

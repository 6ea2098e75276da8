package dev.curfew.audit;

import dev.curfew.Clocks;
import dev.curfew.CurfewException;
import dev.curfew.audit.Entry.Outcome;
import dev.curfew.identity.Caller;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * Writes what was refused, once per refusal and in a transaction of its own. Up to ten a minute per
 * caller or address, kind and code are entries of their own; the rest of that minute becomes one
 * entry with a count.
 */
@ApplicationScoped
public class Refusals {

  private final Audit audit;
  private final Tally tally;
  private final Clocks clocks;

  Refusals(Audit audit, Tally tally, Clocks clocks) {
    this.audit = audit;
    this.tally = tally;
    this.clocks = clocks;
  }

  /** A refusal by a door: an unknown field, a body too large, a form from another site. */
  public void record(Caller caller, String act, CurfewException refusal) {
    record(About.caller(caller), act, refusal);
  }

  /**
   * Writes the refusal unless it is written already. A caller who is not signed in leaves no entry
   * here: see {@link #atTheDoor}.
   */
  public void record(About about, String act, CurfewException refusal) {
    if (about.caller().isStranger() || !refusal.markRecorded()) {
      return;
    }
    Entry entry =
        refused(Kind.REFUSED, about.caller(), act, refusal)
            .subject(about.subject())
            .target(about.target())
            .entitlement(about.entitlement())
            .request(about.request())
            .grant(about.grant());
    write(entry, refusal);
  }

  /**
   * A refusal before anybody is signed in.
   *
   * @param kind {@link Kind#SIGN_IN_REFUSED}, {@link Kind#ENROLMENT_REFUSED} or {@link
   *     Kind#SET_UP_REFUSED}
   * @param address where the call came from
   * @param person the id of the person named, null when there is no such person: an unknown name is
   *     not kept, it may be a password
   */
  public void atTheDoor(
      Kind kind, String act, String address, String person, CurfewException refusal) {
    requireDoor(kind);
    if (!refusal.markRecorded()) {
      return;
    }
    Entry entry = refused(kind, Caller.stranger(address), act, refusal).subject(person);
    write(entry, refusal);
  }

  /** Writes one entry each for what was only counted in minutes that are over. */
  void writeCounted() {
    QuarkusTransaction.requiringNew()
        .run(
            () -> tally.takeBefore(clocks.now()).forEach(counted -> audit.record(counted.entry())));
  }

  private void write(Entry entry, CurfewException refusal) {
    QuarkusTransaction.requiringNew()
        .run(
            () -> {
              if (tally.count(entry, refusal.fault(), clocks.now()) <= Tally.ENTRIES_A_MINUTE) {
                audit.record(entry);
              }
            });
  }

  private static Entry refused(Kind kind, Caller caller, String act, CurfewException refusal) {
    return Entry.of(kind, caller)
        .outcome(Outcome.REFUSED)
        .with("code", refusal.fault().code())
        .with("act", act)
        .with("field", refusal.field().orElse(null))
        .withPersonal("message", refusal.getMessage());
  }

  private static void requireDoor(Kind kind) {
    if (kind != Kind.SIGN_IN_REFUSED
        && kind != Kind.ENROLMENT_REFUSED
        && kind != Kind.SET_UP_REFUSED) {
      throw new IllegalArgumentException(kind + " is not refused before sign-in");
    }
  }
}

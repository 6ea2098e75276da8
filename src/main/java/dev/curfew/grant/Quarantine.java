package dev.curfew.grant;

import dev.curfew.Clocks;
import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.audit.Audit;
import dev.curfew.audit.Entry;
import dev.curfew.audit.Kind;
import dev.curfew.audit.Proven;
import dev.curfew.audit.Recorded;
import dev.curfew.grant.DifferenceView.Choice;
import dev.curfew.identity.Caller;
import dev.curfew.identity.Role;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A store that went back must not revoke the living. From the moment a witness says so until an
 * administrator ends it, nothing new is given, and only this is taken away: what its own mark at
 * the target says is over, what is known here as final or ending, and what people decide now.
 *
 * <p>With a store restored from an hour ago over live grants:
 *
 * <table>
 * <caption>What happens to a grant</caption>
 * <tr><th>this store says</th><th>the target has</th><th>what is done</th></tr>
 * <tr><td>nothing (made in the lost hour)</td><td>its role, its mark's end to come</td>
 *     <td>listed; stays until its mark's end and the grace of orphans are over</td></tr>
 * <tr><td>nothing</td><td>its role, its mark past its end</td>
 *     <td>taken away when the grace of orphans is over</td></tr>
 * <tr><td>live</td><td>its role, its mark's end to come</td>
 *     <td>stays, whatever end this store knows (it may not know of the pick-up); listed when the
 *     ends differ</td></tr>
 * <tr><td>live or planned</td><td>its role, its mark past its end</td>
 *     <td>ended and taken away at once</td></tr>
 * <tr><td>planned (made in the lost hour)</td><td>its role, its mark's end to come</td>
 *     <td>stays, counts as made; listed when it was picked up</td></tr>
 * <tr><td>live</td><td>proven absent (ended in the lost hour)</td>
 *     <td>listed; ended as gone by that proof once the quarantine is over, or when an
 *     administrator says so: there is nobody left to revoke</td></tr>
 * <tr><td>live or planned</td><td>cannot be seen</td>
 *     <td>stays; the target is named among those not seen. After the quarantine nothing ends there
 *     by time until a look has seen it and taken over the ends that its marks name</td></tr>
 * <tr><td>ending or stuck</td><td>anything</td><td>its revocation goes on: it was decided before
 *     the hour that is lost</td></tr>
 * <tr><td>over, or cancelled</td><td>its role</td><td>taken away again at once</td></tr>
 * <tr><td>planned</td><td>nothing</td><td>waits; provisioned after the quarantine</td></tr>
 * </table>
 *
 * <p>At the end what nobody decided about stays until its mark's end: this store takes over the
 * ends that the marks name, and the generation rises, so that no older witness counts.
 */
@ApplicationScoped
public class Quarantine {

  private final Standing standing;
  private final Differences differences;
  private final Sightings sightings;
  private final GrantFlow flow;
  private final Rows rows;
  private final Audit audit;
  private final Clocks clocks;
  private final GrantSettings settings;

  Quarantine(
      Standing standing,
      Differences differences,
      Sightings sightings,
      GrantFlow flow,
      Rows rows,
      Audit audit,
      Clocks clocks,
      GrantSettings settings) {
    this.standing = standing;
    this.differences = differences;
    this.sightings = sightings;
    this.flow = flow;
    this.rows = rows;
    this.audit = audit;
    this.clocks = clocks;
    this.settings = settings;
  }

  public boolean isOn() {
    return standing.isOn();
  }

  /** Why nothing new is given; empty when it may be. */
  public Optional<String> objection() {
    return standing.objection();
  }

  @Transactional
  public QuarantineView view() {
    Standing.State state = standing.state();
    return state.isBegun()
        ? new QuarantineView(
            true,
            state.generation(),
            state.since(),
            state.reasons(),
            differences.all().stream().map(this::view).toList(),
            lines(differences.notSeen()))
        : new QuarantineView(
            false, state.generation(), null, List.of(), List.of(), lines(differences.owed()));
  }

  private static List<String> lines(Map<String, String> reasons) {
    return reasons.entrySet().stream().map(each -> each.getKey() + ": " + each.getValue()).toList();
  }

  /**
   * An administrator's word about one difference.
   *
   * @throws CurfewException NOT_ALLOWED; NOT_FOUND; WRONG_STATE without a quarantine, or when that
   *     choice makes no sense there
   */
  @Recorded("quarantine-decide")
  @Transactional
  public void decide(Caller by, String finding, Choice choice, Proven proof) {
    demandAdministrator(by);
    demandOn();
    Difference difference = differences.lock(finding);
    refuse(view(difference), choice);
    difference.choice = choice;
    difference.decidedBy = by.person();
    audit.record(
        Entry.of(Kind.QUARANTINE_DECIDED, by)
            .target(difference.target)
            .grant(rows.read(difference.grant).map(grant -> grant.id).orElse(null))
            .with("principal", difference.name)
            .with("choice", words(choice))
            .with("until", Entries.time(difference.markedUntil))
            .with(proof));
    if (choice == Choice.REVOKE) {
      revoke(by, difference, proof);
    }
  }

  /**
   * Refuses what {@link #decide} would, before a proof is spent.
   *
   * @throws CurfewException as there
   */
  @Transactional
  public void mayDecide(String finding, Choice choice) {
    demandOn();
    refuse(view(differences.lock(finding)), choice);
  }

  /** The same for {@link #end}. */
  public void mayEnd() {
    demandOn();
  }

  /**
   * The store goes on from here. What nobody decided about stays until its mark's end; at a target
   * that was not seen nothing ends by time until it was. The targets are to be told afterwards,
   * outside the transaction: {@link Witnesses#run}.
   *
   * @throws CurfewException NOT_ALLOWED; WRONG_STATE without a quarantine
   */
  @Recorded("quarantine-end")
  @Transactional
  public void end(Caller by, Proven proof) {
    demandAdministrator(by);
    long generation = standing.end();
    int adopted = differences.adoptMarkedEnds(by);
    differences.owe();
    audit.record(
        Entry.of(Kind.QUARANTINE_ENDED, by)
            .with("generation", generation)
            .with("count", adopted)
            .with(proof));
  }

  private void revoke(Caller by, Difference difference, Proven proof) {
    if (difference.kind == DifferenceView.Kind.NOT_IN_STORE) {
      sightings.release(by, difference.target, difference.grant, proof);
      return;
    }
    flow.end(by, difference.grant, EndReason.REVOKED, "decided after the store went back");
  }

  private static void refuse(DifferenceView difference, Choice choice) {
    if (choice == Choice.ADOPT && !difference.mayBeAdopted()) {
      throw new CurfewException(
          Fault.WRONG_STATE,
          difference.choice() == null
              ? "it is not at the target, so there is nothing to leave"
              : "this is decided already");
    }
    if (choice == Choice.REVOKE && !difference.mayBeRevoked()) {
      throw new CurfewException(Fault.WRONG_STATE, "it is being taken away already");
    }
  }

  private void demandOn() {
    if (!standing.state().isBegun()) {
      throw new CurfewException(Fault.WRONG_STATE, "there is no quarantine");
    }
  }

  private static void demandAdministrator(Caller by) {
    if (!by.has(Role.ADMINISTRATOR)) {
      throw new CurfewException(Fault.NOT_ALLOWED, "only an administrator decides about this");
    }
  }

  private DifferenceView view(Difference difference) {
    return new DifferenceView(
        difference.id,
        difference.target,
        difference.name,
        difference.kind,
        difference.grant,
        difference.open,
        difference.storeUntil,
        difference.markedUntil,
        revokedAt(difference),
        difference.choice,
        difference.decidedBy,
        words(difference));
  }

  private Instant revokedAt(Difference difference) {
    return switch (difference.kind) {
      case NOT_IN_STORE ->
          latest(difference.markedUntil, difference.foundAt.plus(settings.orphanGrace()));
      case END_DIFFERS -> difference.storeUntil;
      case NOT_AT_TARGET, SAME -> null;
    };
  }

  private static Instant latest(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }

  private String words(Difference difference) {
    if (difference.choice != null) {
      return "an administrator decided: " + words(difference.choice);
    }
    boolean over = difference.markedUntil != null && !difference.markedUntil.isAfter(clocks.now());
    return switch (difference.kind) {
      case NOT_IN_STORE ->
          over
              ? "ours by its mark, unknown to this store, and past its end: it is taken away when"
                  + " the grace is over"
              : "ours by its mark and unknown to this store: it was given in the time that is lost,"
                  + " and stays until the end its mark names";
      case NOT_AT_TARGET ->
          "live by this store and proven absent at the target: it ended in the time that is lost,"
              + " and is closed here when the quarantine ends";
      case END_DIFFERS ->
          over
              ? "its mark says that it is over: it is being taken away"
              : "its mark names another end than this store: it stays until the end its mark names";
      case SAME -> "store and target agree";
    };
  }

  private static String words(Choice choice) {
    return switch (choice) {
      case ADOPT -> "leave it until its mark's end";
      case REVOKE -> "take it away now";
    };
  }
}

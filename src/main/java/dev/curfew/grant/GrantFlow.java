package dev.curfew.grant;

import dev.curfew.Clocks;
import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.audit.Audit;
import dev.curfew.audit.Entry.Outcome;
import dev.curfew.audit.Kind;
import dev.curfew.audit.Proven;
import dev.curfew.audit.Recorded;
import dev.curfew.identity.Caller;
import dev.curfew.identity.Role;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The decisions about a grant. Each is one transaction with its entry; none calls a target and none
 * needs a lease: whoever holds one loses it.
 */
@ApplicationScoped
public class GrantFlow {

  static final int BATCH = 200;

  private final Rows rows;
  private final Grants grants;
  private final Preview preview;
  private final Audit audit;
  private final Clocks clocks;
  private final GrantSettings settings;
  private final Standing standing;
  private final Unseen unseen;
  private final Differences differences;

  GrantFlow(
      Rows rows,
      Grants grants,
      Preview preview,
      Audit audit,
      Clocks clocks,
      GrantSettings settings,
      Standing standing,
      Unseen unseen,
      Differences differences) {
    this.differences = differences;
    this.standing = standing;
    this.unseen = unseen;
    this.rows = rows;
    this.grants = grants;
    this.preview = preview;
    this.audit = audit;
    this.clocks = clocks;
    this.settings = settings;
  }

  /**
   * Opens a grant: from here on its end is on record, whatever happens.
   *
   * @throws CurfewException CHANGED_MEANWHILE when a fresh preview differs from what was read;
   *     TARGET_CLOSED when the target takes no new grants
   */
  @Transactional
  public void open(Opening opening, Caller by) {
    grants
        .closed(opening.target())
        .ifPresent(
            why -> {
              throw new CurfewException(Fault.TARGET_CLOSED, why);
            });
    Effects fresh = preview.of(opening.entitlement(), opening.grantId(), opening.window());
    if (!fresh.hash().equals(opening.effects().hash())) {
      throw new CurfewException(
          Fault.CHANGED_MEANWHILE,
          "what "
              + opening.entitlement()
              + " gives changed since this request was made; ask for it again");
    }
    plan(opening, fresh, by);
  }

  /** Writes the grant. Its handle and its end are committed before any call to the target. */
  @Transactional
  void plan(Opening opening, Effects effects, Caller by) {
    Grant grant = new Grant(opening, effects, clocks.now());
    rows.add(grant);
    audit.record(
        Entries.of(Kind.GRANT_OPENED, by, grant)
            .with("principal", Entries.principal(grant))
            .with("window_seconds", grant.windowSeconds)
            .with("claim_by", Entries.time(grant.claimBy))
            .with("effects_hash", grant.effectsHash)
            .with("snapshot", grant.snapshot)
            .with("guarantee", grant.guarantee)
            .with("residual_seconds", grant.maxResidualSeconds));
  }

  /**
   * Decides the end. What was never provided is cancelled; all else is taken away, beginning at
   * once.
   *
   * @param note what was said about it; may be null
   * @throws CurfewException NOT_FOUND; WRONG_STATE when its end is decided already
   */
  @Recorded("end")
  @Transactional
  public void end(Caller by, String grantId, EndReason why, String note) {
    if (!endUnlessDecided(by, grantId, why, note)) {
      throw new CurfewException(
          Fault.WRONG_STATE, "this access is over, or already being taken away");
    }
  }

  /** The same; false, and nothing happens, when its end is decided already. */
  @Recorded("end")
  @Transactional
  public boolean endUnlessDecided(Caller by, String grantId, EndReason why, String note) {
    Grant grant = rows.lock(grantId).orElseThrow(() -> CurfewException.notFound("grant"));
    if (grant.state.isFinal() || grant.state.isEnding()) {
      return false;
    }
    end(grant, by, why, note);
    return true;
  }

  /** The same for every open grant of a person; answers how many it ended. */
  @Recorded("end-all")
  @Transactional
  public int endAllOf(Caller by, String person, EndReason why, String note) {
    List<Grant> open = rows.lockOpenOf(person);
    open.forEach(grant -> end(grant, by, why, note));
    return open.size();
  }

  /** The same for every open grant there is; answers how many it ended. */
  @Recorded("end-everything")
  @Transactional
  public int endAll(Caller by, EndReason why, String note) {
    List<Grant> open = rows.lockOpen();
    open.forEach(grant -> end(grant, by, why, note));
    return open.size();
  }

  /**
   * A person's word that a stuck grant is gone. A sweep opens it again if our mark is still seen.
   *
   * @param note how they know; required
   * @param proof which proof of MFA they brought
   * @throws CurfewException NOT_ALLOWED unless by an administrator other than the grant's person;
   *     WRONG_STATE unless it is stuck
   */
  @Recorded("attest")
  @Transactional
  public void attest(Caller by, String grantId, String note, Proven proof) {
    Grant grant = rows.lock(grantId).orElseThrow(() -> CurfewException.notFound("grant"));
    if (!by.has(Role.ADMINISTRATOR)) {
      throw new CurfewException(Fault.NOT_ALLOWED, "only an administrator may attest an end");
    }
    if (by.is(grant.person)) {
      throw new CurfewException(
          Fault.NOT_ALLOWED, "the end of your own access is attested by somebody else");
    }
    if (grant.state != GrantState.STUCK) {
      throw new CurfewException(Fault.WRONG_STATE, "only an access that is stuck is attested");
    }
    if (note == null || note.isBlank()) {
      throw CurfewException.invalid("note", "say how you know that this access is gone");
    }
    audit.record(
        Entries.of(Kind.GRANT_ATTESTED, by, grant)
            .with("reason", grant.endReason.words())
            .with(proof)
            .withPersonal("note", note));
    grant.attested(note, by.person(), clocks.now());
  }

  /** Whether the store went back: nothing is provisioned then. */
  boolean isQuarantined() {
    return standing.isOn();
  }

  /** Ends what is due now; answers how many. Called by every node, several times a second. */
  @Transactional
  int endDue() {
    if (unseen.isEverything()) {
      return 0;
    }
    List<Grant> due =
        standing.isOn() ? rows.lockOverByMark(BATCH) : rows.lockDue(unseen.forQuery(), BATCH);
    due.forEach(this::endDue);
    return due.size();
  }

  /** The same for one of them, where all at once failed; nothing when it moved meanwhile. */
  @Transactional
  void endDue(String grantId) {
    long accepted = clocks.accepted();
    Instant now = clocks.now();
    rows.tryLock(grantId)
        .filter(grant -> grant.isDueAt(now) && rows.isClock(accepted))
        .filter(grant -> !standing.isOn() && !unseen.includes(grant.target))
        .filter(grant -> !differences.isOwed(grant.target))
        .ifPresent(this::endDue);
  }

  /** What is due now, the latest first. */
  @Transactional
  List<String> due() {
    return rows.due(unseen.forQuery(), BATCH);
  }

  private void endDue(Grant grant) {
    EndReason why = grant.pickedUpAt == null ? EndReason.UNCLAIMED : EndReason.EXPIRED;
    end(grant, Caller.BROKER, why, unprovidedNote(grant));
  }

  /** Calls stuck what takes too long, even if no worker came to it; answers how many. */
  @Transactional
  int markStuck() {
    Instant now = clocks.now();
    List<Grant> slow = rows.lockEndingSince(now.minus(settings.stuckAfter()), BATCH);
    slow.forEach(grant -> stuck(grant, now));
    return slow.size();
  }

  /** It is missing at the target: somebody else removed it. Nothing when it moved meanwhile. */
  @Transactional
  void drifted(String grantId, long fence, List<String> evidence) {
    Grant grant = rows.lock(grantId).orElseThrow();
    if (grant.state != GrantState.ACTIVE || grant.fence != fence) {
      return;
    }
    audit.record(Entries.byBroker(Kind.GRANT_DRIFTED, grant).with("facts", evidence));
    end(grant, Caller.BROKER, EndReason.DRIFT, null);
  }

  /**
   * A sweep saw it after its end was proven or attested: it is taken away again, at once.
   *
   * @param swept when the sweep began: what ended since may have gone after it was seen
   */
  @Transactional
  void aliveAgain(String grantId, String name, boolean open, Instant swept) {
    Grant grant = rows.lock(grantId).orElseThrow();
    if (!grant.state.isFinal() || !grant.endedAt.isBefore(swept)) {
      return;
    }
    audit.record(
        Entries.byBroker(Kind.GRANT_FOUND_ALIVE, grant)
            .outcome(Outcome.FAILED)
            .with("principal", name)
            .with("facts", List.of(open ? "it can be entered" : "it cannot be entered"))
            .with("reason", grant.endReason.words()));
    grant.aliveAgain(open, clocks.now());
  }

  void stuck(Grant grant, Instant now) {
    grant.stuck(now);
    tellStuck(grant);
  }

  void tellStuck(Grant grant) {
    audit.record(
        Entries.byBroker(Kind.GRANT_STUCK, grant)
            .outcome(Outcome.FAILED)
            .with("live", grant.mayBeLive())
            .with("live_since", grant.mayBeLive() ? Entries.time(grant.overSince()) : null)
            .with("step", grant.revokeStep == null ? null : grant.revokeStep.name())
            .with("attempt", grant.attempts)
            .with("problem", grant.problem)
            .with("detail", Entries.detail(grant.problem, grant.problemDetail)));
  }

  void end(Grant grant, Caller by, EndReason why, String note) {
    grant.end(why, note, by.person(), clocks.now());
    if (grant.state == GrantState.CANCELLED) {
      audit.record(
          Entries.of(Kind.GRANT_CANCELLED, by, grant)
              .with("reason", why.words())
              .withPersonal("note", note));
      return;
    }
    audit.record(
        Entries.of(Kind.GRANT_ENDING, by, grant)
            .with("reason", why.words())
            .with("due_at", Entries.time(grant.dueAt))
            .with("late_millis", lateness(grant, by))
            .withPersonal("note", note));
    Failpoints.pass("end.before-commit", grant.id);
  }

  private static Long lateness(Grant grant, Caller by) {
    boolean byTime = by.equals(Caller.BROKER) && grant.dueAt.isBefore(grant.endingAt);
    return byTime ? Duration.between(grant.dueAt, grant.endingAt).toMillis() : null;
  }

  private static String unprovidedNote(Grant grant) {
    return grant.state == GrantState.PLANNED && grant.problem != null
        ? "nothing was handed out; " + grant.problem
        : null;
  }
}

package dev.curfew.grant;

import dev.curfew.connector.Handle;
import dev.curfew.connector.Outcome.Again;
import dev.curfew.connector.Outcome.Later;
import dev.curfew.connector.Presence;
import dev.curfew.connector.Receipt;
import dev.curfew.connector.Step;
import dev.curfew.connector.Verdict;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Duration;
import java.time.Instant;
import org.hibernate.annotations.DynamicUpdate;

/**
 * The row of a grant: state, timer and queue entry in one. Its methods are its moves; each expects
 * the row locked by the transaction that calls it.
 */
@Entity
@Table(name = "access_grant")
@DynamicUpdate
class Grant {

  private static final String NOWHERE = "NONE";

  @Id String id;

  @Column(name = "request_id")
  String requestId;

  String person;
  String entitlement;
  String target;
  String snapshot;

  @Column(name = "came_from")
  String cameFrom;

  @Enumerated(EnumType.STRING)
  GrantState state;

  @Column(name = "created_at")
  Instant createdAt;

  @Column(name = "window_seconds")
  long windowSeconds;

  @Column(name = "claim_by")
  Instant claimBy;

  @Column(name = "due_at")
  Instant dueAt;

  @Column(name = "picked_up_at")
  Instant pickedUpAt;

  String effects;

  @Column(name = "effects_hash")
  String effectsHash;

  String handle;
  String guarantee;

  @Column(name = "max_residual_seconds")
  long maxResidualSeconds;

  String residual;

  /** Whether a call may have reached the target: then only a look at it ends the grant. */
  boolean reached;

  String receipt;

  @Column(name = "provisioned_at")
  Instant provisionedAt;

  /** When a secret was last asked for. From then on it counts as handed out. */
  @Column(name = "issuing_at")
  Instant issuingAt;

  @Column(name = "end_reason")
  @Enumerated(EnumType.STRING)
  EndReason endReason;

  @Column(name = "end_note")
  String endNote;

  @Column(name = "ended_by")
  String endedBy;

  @Column(name = "ending_at")
  Instant endingAt;

  @Column(name = "revoke_step")
  @Enumerated(EnumType.STRING)
  Step revokeStep;

  @Column(name = "blocked_at")
  Instant blockedAt;

  @Column(name = "dead_at")
  Instant deadAt;

  /**
   * A look saw somebody inside, or nothing could rule it out. It stays so, whatever the steps do,
   * until a look says otherwise.
   */
  @Column(name = "seen_live")
  boolean seenLive;

  @Column(name = "stuck_at")
  Instant stuckAt;

  @Column(name = "verified_at")
  Instant verifiedAt;

  @Column(name = "ended_at")
  Instant endedAt;

  @Column(name = "alive_again")
  boolean aliveAgain;

  /** Found alive after its end, and somebody could log in by it. */
  @Column(name = "alive_open")
  boolean aliveOpen;

  @Column(name = "next_at")
  Instant nextAt;

  @Column(name = "lease_owner")
  String leaseOwner;

  @Column(name = "lease_until")
  Instant leaseUntil;

  long fence;
  int attempts;

  /** Whether the last call could not reach the target: it is woken when the target answers. */
  boolean unreached;

  /** What stopped the last call, fit for everybody. */
  String problem;

  /** The same for administrators: addresses, the driver's words. */
  @Column(name = "problem_detail")
  String problemDetail;

  protected Grant() {}

  Grant(Opening opening, Effects effects, Instant now) {
    id = opening.grantId();
    requestId = opening.requestId();
    person = opening.person();
    entitlement = opening.entitlement();
    target = opening.target();
    snapshot = opening.snapshot();
    cameFrom = NOWHERE;
    state = GrantState.PLANNED;
    createdAt = now;
    windowSeconds = opening.window().toSeconds();
    claimBy = now.plus(opening.claimBy());
    dueAt = claimBy;
    this.effects = Json.of(effects.lines());
    effectsHash = effects.hash();
    handle = effects.handleJson();
    guarantee = effects.guarantee();
    maxResidualSeconds = effects.maxResidual().toSeconds();
    residual = effects.residual();
    receipt = Json.of(Receipt.NONE.facts());
    nextAt = now;
  }

  Handle handle() {
    return Json.handle(handle);
  }

  Receipt receipt() {
    Receipt learned = Json.receipt(receipt);
    return issuingAt == null ? learned : learned.handedOut();
  }

  Duration window() {
    return Duration.ofSeconds(windowSeconds);
  }

  boolean isLeasedAt(Instant now) {
    return leaseUntil != null && leaseUntil.isAfter(now);
  }

  /** Past its end, which nobody decided yet. */
  boolean isDueAt(Instant now) {
    return !state.isEnding() && !state.isFinal() && !dueAt.isAfter(now);
  }

  boolean isHeldBy(Claim claim) {
    return fence == claim.fence() && claim.owner().equals(leaseOwner);
  }

  /** Whether somebody may be inside although its end is decided. */
  boolean mayBeLive() {
    return (issuingAt != null || aliveOpen) && deadAt() == null;
  }

  /** Since when no session of it is left; null while that is not so, or is in doubt. */
  Instant deadAt() {
    return seenLive ? null : deadAt;
  }

  boolean isStuckLive() {
    return state == GrantState.STUCK && mayBeLive();
  }

  /** Since when nobody should be inside; what came back counts from when it was seen. */
  Instant overSince() {
    return aliveAgain || endingAt.isBefore(dueAt) ? endingAt : dueAt;
  }

  /** The call is about to be made. What an earlier one did, whose fate nobody told, is unknown. */
  void provisioning() {
    if (state == GrantState.PROVISIONING) {
      reached = true;
      return;
    }
    become(GrantState.PROVISIONING);
  }

  void provisioned(Receipt learned, Instant now) {
    become(GrantState.ACTIVE);
    reached = true;
    receipt = Json.of(learned.facts());
    provisionedAt = now;
    nextAt = null;
    succeeded();
    release();
  }

  /** The call did not succeed. A target that was never reached knows nothing of this grant. */
  void provisionAgain(Again again, Instant next) {
    reached = reached || again.reached();
    if (!reached && state == GrantState.PROVISIONING) {
      become(GrantState.PLANNED);
    }
    again(again, next);
  }

  void again(Again again, Instant next) {
    problem = again.why();
    problemDetail = again.detail();
    unreached = !again.reached();
    nextAt = next;
    release();
  }

  /** The lease of a pick-up; the first one starts the window. */
  void issuing(String owner, Duration lease, Instant now) {
    issuingAt = now;
    if (pickedUpAt == null) {
      pickedUpAt = now;
      dueAt = now.plus(window());
    }
    leaseOwner = owner;
    leaseUntil = now.plus(lease);
    fence++;
  }

  /** Decides the end. Whoever holds the lease loses it; the first call is due at once. */
  void end(EndReason why, String note, String by, Instant now) {
    endReason = why;
    endNote = note;
    endedBy = by;
    endingAt = now;
    fence++;
    release();
    succeeded();
    if (state == GrantState.PLANNED) {
      become(GrantState.CANCELLED);
      endedAt = now;
      nextAt = null;
      return;
    }
    become(GrantState.REVOKING);
    nextAt = now;
  }

  /**
   * It was proven gone, and is there again. The first end reason stays, and so does the receipt: it
   * names every identity it ever had at the target.
   */
  void aliveAgain(boolean open, Instant now) {
    become(GrantState.REVOKING);
    aliveAgain = true;
    aliveOpen = open;
    endingAt = now;
    endedAt = null;
    verifiedAt = null;
    revokeStep = null;
    if (open) {
      blockedAt = null;
      deadAt = null;
    }
    fence++;
    succeeded();
    nextAt = now;
  }

  /** A step of the revocation is done; true when it is further than any before. */
  boolean stepped(Step step, Receipt learned, Instant now) {
    receipt = Json.of(learned.facts());
    boolean further = revokeStep == null || step.compareTo(revokeStep) > 0;
    if (further) {
      revokeStep = step;
    }
    if (step == Step.BLOCK && blockedAt == null) {
      blockedAt = now;
    }
    if (step == Step.KILL && deadAt == null) {
      deadAt = now;
    }
    return further;
  }

  /**
   * A look that did not find it gone. Where somebody may be inside, KILL is not done; where that
   * was seen, it takes its place again in what is still to do.
   */
  void looked(Verdict verdict) {
    seenLive = verdict.live();
    if (!seenLive) {
      return;
    }
    deadAt = null;
    if (verdict.presence() == Presence.PRESENT) {
      aliveOpen = true;
      revokeStep = Step.BLOCK;
    }
  }

  void stuck(Instant now) {
    become(GrantState.STUCK);
    stuckAt = now;
    seenLive = mayBeLive();
  }

  void proven(Instant now) {
    revokeStep = Step.VERIFY;
    blockedAt = blockedAt == null ? now : blockedAt;
    deadAt = deadAt == null ? now : deadAt;
    verifiedAt = now;
    finish(now);
  }

  /**
   * That call was no failure, so it does not count as a try. A problem of an earlier one stays
   * until a call ends without it, or it would be news each time.
   */
  void goesOn(Later later, Instant at) {
    receipt = Json.of(later.receipt().facts());
    if (later.openAgain()) {
      revokeStep = null;
      aliveOpen = true;
      blockedAt = null;
      deadAt = null;
    }
    attempts--;
    unreached = false;
    nextAt = at;
    release();
  }

  void attested(String note, String by, Instant now) {
    endReason = EndReason.ATTESTED;
    endNote = note;
    endedBy = by;
    fence++;
    finish(now);
  }

  void release() {
    leaseOwner = null;
    leaseUntil = null;
  }

  private void finish(Instant now) {
    become(GrantState.ENDED);
    stuckAt = null;
    seenLive = false;
    endedAt = now;
    nextAt = null;
    succeeded();
    release();
  }

  private void succeeded() {
    attempts = 0;
    unreached = false;
    problem = null;
    problemDetail = null;
  }

  private void become(GrantState next) {
    if (!state.mayBecome(next)) {
      throw new IllegalStateException("a grant does not move from " + state + " to " + next);
    }
    cameFrom = state.name();
    state = next;
  }
}

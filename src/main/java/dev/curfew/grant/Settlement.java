package dev.curfew.grant;

import dev.curfew.Clocks;
import dev.curfew.audit.Audit;
import dev.curfew.audit.Entry;
import dev.curfew.audit.Kind;
import dev.curfew.connector.Outcome;
import dev.curfew.connector.Outcome.Again;
import dev.curfew.connector.Outcome.Done;
import dev.curfew.connector.Outcome.Later;
import dev.curfew.connector.Outcome.Refused;
import dev.curfew.connector.Presence;
import dev.curfew.connector.Receipt;
import dev.curfew.connector.Step;
import dev.curfew.connector.Verdict;
import dev.curfew.identity.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Writes what workers learn at the targets. Every method asks the claim first: after a takeover or
 * a decision it writes nothing, and the caller stops.
 */
@ApplicationScoped
class Settlement {

  /**
   * So many failures in a row are in the history one by one; then only when the problem changes.
   */
  private static final int TOLD_ONE_BY_ONE = 5;

  private static final Duration SOON = Duration.ofSeconds(1);

  private final Rows rows;
  private final Grants grants;
  private final GrantFlow flow;
  private final Clearance clearance;
  private final Timekeeping timekeeping;
  private final Audit audit;
  private final Clocks clocks;
  private final GrantSettings settings;
  private final Event<Revoked> revoked;
  private final Unseen unseen;
  private final Standing standing;

  Settlement(
      Rows rows,
      Grants grants,
      GrantFlow flow,
      Clearance clearance,
      Timekeeping timekeeping,
      Audit audit,
      Clocks clocks,
      GrantSettings settings,
      Event<Revoked> revoked,
      Unseen unseen,
      Standing standing) {
    this.unseen = unseen;
    this.standing = standing;
    this.rows = rows;
    this.grants = grants;
    this.flow = flow;
    this.clearance = clearance;
    this.timekeeping = timekeeping;
    this.audit = audit;
    this.clocks = clocks;
    this.settings = settings;
    this.revoked = revoked;
  }

  /** The last look before the target is asked to make something; empty when it must not be. */
  @Transactional
  Optional<Call> beginProvision(Claim claim) {
    Optional<Grant> held = rows.lock(claim).filter(g -> !g.state.isEnding() && !g.state.isFinal());
    if (held.isEmpty()) {
      return Optional.empty();
    }
    Grant grant = held.get();
    Optional<String> notYet =
        unseen.objection(grant.target).or(() -> standing.objection()); // rights, too, may be old
    if (notYet.isPresent()) {
      provisionWaits(grant, new Again(SOON, notYet.get(), grant.state != GrantState.PLANNED));
      grant.unreached = false;
      return Optional.empty();
    }
    Optional<String> objection = clearance.objection(grant.requestId, grant.id, false);
    if (objection.isPresent()) {
      flow.end(grant, Caller.BROKER, EndReason.FAILED, objection.get());
      return Optional.empty();
    }
    Optional<String> waits = timekeeping.objection().or(() -> grants.closed(grant.target));
    if (waits.isPresent()) {
      boolean mayBeThere = grant.state != GrantState.PLANNED;
      provisionWaits(grant, new Again(settings.probe(), waits.get(), mayBeThere));
      // nothing was asked of the target, so nothing is to be learned by looking at it
      grant.unreached = false;
      return Optional.empty();
    }
    grant.provisioning();
    Failpoints.pass("provision.before-begin-commit", claim.grant());
    return Optional.of(Call.of(grant));
  }

  /** False when the claim was lost: what the call made is found and taken away by who took over. */
  @Transactional
  boolean provisioned(Claim claim, Outcome outcome) {
    Optional<Grant> held = rows.lock(claim).filter(g -> g.state == GrantState.PROVISIONING);
    if (held.isEmpty()) {
      return false;
    }
    Grant grant = held.get();
    if (outcome instanceof Done done) {
      int attempts = grant.attempts;
      grant.provisioned(done.receipt(), clocks.now());
      audit.record(
          Entries.byBroker(Kind.GRANT_PROVISIONED, grant)
              .with("principal", Entries.principal(grant))
              .with("receipt", Entries.lines(done.receipt()))
              .with("attempt", attempts)
              .with("guarantee", grant.guarantee)
              .with("residual_seconds", grant.maxResidualSeconds)
              .with("due_at", Entries.time(grant.dueAt)));
    } else if (outcome instanceof Again again) {
      provisionWaits(grant, again);
    } else if (outcome instanceof Refused refused) {
      flow.end(grant, Caller.BROKER, EndReason.FAILED, refused.why());
    }
    Failpoints.pass("provision.before-settle-commit", claim.grant());
    return true;
  }

  /** What the revocation begins from; empty when the claim was lost. */
  @Transactional
  Optional<Call> beginRevoke(Claim claim) {
    return rows.lock(claim).filter(grant -> grant.state.isEnding()).map(Call::of);
  }

  /** Puts a step on record before the next begins; false stops the call. */
  @Transactional
  boolean stepped(Claim claim, Step step, Receipt receipt, List<String> facts) {
    Optional<Grant> held = rows.lock(claim).filter(grant -> grant.state.isEnding());
    if (held.isEmpty()) {
      return false;
    }
    Grant grant = held.get();
    Instant now = clocks.now();
    boolean further = grant.stepped(step, receipt, now);
    List<String> news = unknown(grant, facts);
    news.forEach(line -> rows.add(new Fact(grant.id, now, step, line)));
    if (further || !news.isEmpty()) {
      audit.record(
          Entries.byBroker(Kind.GRANT_REVOKE_STEP, grant)
              .with("step", step.name())
              .with("facts", facts)
              .with("attempt", grant.attempts)
              .with("blocked_at", Entries.time(grant.blockedAt))
              .with("dead_at", Entries.time(grant.deadAt())));
    }
    Failpoints.pass("revoke.before-" + name(step) + "-commit", claim.grant());
    return true;
  }

  /** The revocation did not come to its end. It is tried again, for ever. */
  @Transactional
  boolean revokeWaits(Claim claim, Again again) {
    Optional<Grant> held = rows.lock(claim).filter(grant -> grant.state.isEnding());
    held.ifPresent(grant -> waits(grant, again));
    Failpoints.pass("revoke.before-settle-commit", claim.grant());
    return held.isPresent();
  }

  /** The revocation goes on after a while, in whose hands ever. */
  @Transactional
  void revokeGoesOn(Claim claim, Later later) {
    rows.lock(claim)
        .filter(grant -> grant.state.isEnding())
        .ifPresent(grant -> goesOn(grant, later));
    Failpoints.pass("revoke.before-settle-commit", claim.grant());
  }

  private void goesOn(Grant grant, Later later) {
    boolean wasLive = grant.mayBeLive();
    grant.goesOn(later, clocks.now().plus(later.after()));
    if (later.openAgain()) {
      audit.record(
          Entries.byBroker(Kind.GRANT_FOUND_ALIVE, grant)
              .outcome(Entry.Outcome.FAILED)
              .with("principal", Entries.principal(grant))
              .with("facts", List.of("it can be entered again while it is taken away"))
              .with("reason", grant.endReason.words()));
    }
    if (grant.isStuckLive() && !wasLive) {
      flow.tellStuck(grant);
    }
  }

  /**
   * What the look after the revocation saw. Only ABSENT ends the grant; where somebody may be
   * inside, that sessions were ended before counts for nothing.
   */
  @Transactional
  boolean verified(Claim claim, Verdict verdict) {
    Optional<Grant> held = rows.lock(claim).filter(grant -> grant.state.isEnding());
    if (held.isEmpty()) {
      return false;
    }
    if (verdict.presence() == Presence.ABSENT) {
      proven(held.get(), verdict);
    } else {
      Grant grant = held.get();
      boolean wasLive = grant.mayBeLive();
      grant.looked(verdict);
      boolean seen = verdict.presence() != Presence.UNKNOWN;
      Again again = new Again(Duration.ZERO, unproven(verdict), verdict.detail(), seen);
      boolean news = grant.isStuckLive() && !wasLive && isWorthTelling(grant, again.why());
      waits(grant, again);
      if (news) {
        flow.tellStuck(grant);
      }
    }
    Failpoints.pass("revoke.before-settle-commit", claim.grant());
    return true;
  }

  /** A look in the middle of a revocation that did not come to its end: only who may be inside. */
  @Transactional
  void looked(Claim claim, Verdict verdict) {
    rows.lock(claim).filter(g -> g.state.isEnding()).ifPresent(grant -> grant.looked(verdict));
  }

  /** It failed where nobody foresaw it, so nobody knows how far the call came. */
  @Transactional
  void failed(Claim claim, String why) {
    Optional<Grant> held = rows.lock(claim).filter(grant -> !grant.state.isFinal());
    if (held.isEmpty()) {
      return;
    }
    Grant grant = held.get();
    Again again = new Again(Duration.ZERO, why, grant.state != GrantState.PLANNED);
    if (grant.state.isEnding()) {
      waits(grant, again);
    } else {
      provisionWaits(grant, again);
    }
    // it was not the target that failed, so its answer wakes nobody
    grant.unreached = false;
  }

  static String name(Step step) {
    return step.name().toLowerCase(Locale.ROOT);
  }

  private void provisionWaits(Grant grant, Again again) {
    boolean told = isWorthTelling(grant, again.why());
    grant.provisionAgain(again, next(grant, again));
    if (told) {
      audit.record(
          Entries.byBroker(Kind.GRANT_PROVISION_WAITS, grant)
              .outcome(Entry.Outcome.FAILED)
              .with("problem", again.why())
              .with("detail", Entries.detail(again.why(), again.detail()))
              .with("attempt", grant.attempts)
              .with("reached", again.reached())
              .with("next_try_at", Entries.time(grant.nextAt)));
    }
  }

  private void waits(Grant grant, Again again) {
    boolean told = isWorthTelling(grant, again.why());
    Instant now = clocks.now();
    grant.again(again, next(grant, again));
    if (told) {
      audit.record(
          Entries.byBroker(Kind.GRANT_REVOKE_WAITS, grant)
              .outcome(Entry.Outcome.FAILED)
              .with("problem", again.why())
              .with("detail", Entries.detail(again.why(), again.detail()))
              .with("live", grant.mayBeLive())
              .with("step", grant.revokeStep == null ? null : grant.revokeStep.name())
              .with("attempt", grant.attempts)
              .with("next_try_at", Entries.time(grant.nextAt)));
    }
    boolean spent = grant.attempts >= settings.stuckAttempts();
    boolean slow = !now.isBefore(grant.endingAt.plus(settings.stuckAfter()));
    if (grant.state == GrantState.REVOKING && (spent || slow)) {
      flow.stuck(grant, now);
    }
  }

  private void proven(Grant grant, Verdict verdict) {
    Instant now = clocks.now();
    int attempts = grant.attempts;
    verdict.evidence().forEach(line -> rows.add(new Fact(grant.id, now, Step.VERIFY, line)));
    grant.proven(now);
    Duration dead = late(grant, grant.deadAt);
    audit.record(
        Entries.byBroker(Kind.GRANT_ENDED, grant)
            .with("reason", grant.endReason.words())
            .with("verdict", verdict.presence().name())
            .with("proof_of_revocation", verdict.evidence())
            .with("left_behind", Fact.leftBehind(rows.facts(grant.id)))
            .with("verified_at", Entries.time(grant.verifiedAt))
            .with("blocked_at", Entries.time(grant.blockedAt))
            .with("dead_at", Entries.time(grant.deadAt))
            .with("due_at", Entries.time(grant.dueAt))
            .with("late_millis", dead.toMillis())
            .with("attempt", attempts));
    revoked.fire(new Revoked(grant.id, grant.target, late(grant, grant.blockedAt), dead));
  }

  /** What came back closed was never open again, so it is dead since before it was found. */
  private static Duration late(Grant grant, Instant at) {
    Instant due = grant.overSince();
    return at.isBefore(due) ? Duration.ZERO : Duration.between(due, at);
  }

  private Instant next(Grant grant, Again again) {
    return clocks.now().plus(Backoff.after(grant.attempts, settings.retryMost(), again.after()));
  }

  private List<String> unknown(Grant grant, List<String> facts) {
    if (facts.isEmpty()) {
      return facts;
    }
    List<String> known = rows.facts(grant.id).stream().map(fact -> fact.line).toList();
    return facts.stream().filter(Predicate.not(known::contains)).toList();
  }

  private static boolean isWorthTelling(Grant grant, String problem) {
    return grant.attempts <= TOLD_ONE_BY_ONE || !Objects.equals(problem, grant.problem);
  }

  private static String unproven(Verdict verdict) {
    if (verdict.presence() == Presence.UNKNOWN) {
      return "it could not be proven gone: " + verdict.why();
    }
    return (verdict.live() ? "somebody may still be inside: " : "it is still there: ")
        + verdict.why();
  }
}

package dev.curfew.grant;

import dev.curfew.Clocks;
import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.audit.Audit;
import dev.curfew.audit.Entry;
import dev.curfew.audit.Kind;
import dev.curfew.audit.Proven;
import dev.curfew.identity.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The transactions of a pick-up, before and after the secret is made. */
@ApplicationScoped
class Handout {

  private static final Duration SOON = Duration.ofSeconds(2);

  /** A pick-up under way, on record: the secret counts as handed out from here on. */
  record Started(Claim claim, Call call) {}

  private final Rows rows;
  private final Clearance clearance;
  private final Audit audit;
  private final Clocks clocks;
  private final GrantSettings settings;
  private final Standing standing;
  private final Unseen unseen;

  Handout(
      Rows rows,
      Clearance clearance,
      Audit audit,
      Clocks clocks,
      GrantSettings settings,
      Standing standing,
      Unseen unseen) {
    this.standing = standing;
    this.unseen = unseen;
    this.rows = rows;
    this.clearance = clearance;
    this.audit = audit;
    this.clocks = clocks;
    this.settings = settings;
  }

  @Transactional
  void ready(String grantId) {
    refuseUnlessReady(rows.read(grantId));
  }

  @Transactional
  Started issuing(Caller by, String grantId, Proven proof, Runnable inTransaction, String owner) {
    Grant grant = rows.lock(grantId).orElseThrow(() -> CurfewException.notFound("grant"));
    refuseUnlessReady(Optional.of(grant));
    inTransaction.run();
    clearance
        .objection(grant.requestId, grant.id, true)
        .ifPresent(
            why -> {
              throw new CurfewException(Fault.NOT_ALLOWED, why);
            });
    Instant now = clocks.now();
    boolean first = grant.pickedUpAt == null;
    grant.issuing(owner, settings.lease(), now);
    audit.record(
        Entries.of(Kind.SECRET_ISSUING, by, grant)
            .with("first", first)
            .with("due_at", Entries.time(grant.dueAt))
            .with(proof));
    Failpoints.pass("pickup.before-lease-commit", grant.id);
    Claim claim = new Claim(grant.id, grant.target, owner, grant.fence, grant.leaseUntil);
    return new Started(claim, Call.of(grant));
  }

  /** False when the access ended meanwhile, or somebody else picks up: the secret is not shown. */
  @Transactional
  boolean shown(Caller by, Claim claim) {
    Optional<Grant> held = rows.lock(claim).filter(grant -> grant.state == GrantState.ACTIVE);
    if (held.isEmpty()) {
      rows.lock(claim.grant())
          .ifPresent(
              grant -> withheld(by, grant, "the access ended, or was asked for again", null));
      return false;
    }
    Grant grant = held.get();
    grant.release();
    audit.record(Entries.of(Kind.SECRET_SHOWN, by, grant).with("until", Entries.time(grant.dueAt)));
    Failpoints.pass("pickup.before-shown-commit", grant.id);
    return true;
  }

  /** The target made no secret; the next ask may come at once. */
  @Transactional
  void failed(Claim claim, String why, String detail) {
    rows.lock(claim)
        .ifPresent(
            grant -> {
              grant.release();
              withheld(Caller.BROKER, grant, why, detail);
            });
  }

  private void withheld(Caller by, Grant grant, String why, String detail) {
    audit.record(
        Entries.of(Kind.SECRET_WITHHELD, by, grant)
            .outcome(Entry.Outcome.FAILED)
            .with("why", why)
            .with("detail", Entries.detail(why, detail)));
  }

  private void refuseUnlessReady(Optional<Grant> found) {
    Grant grant = found.orElseThrow(() -> CurfewException.notFound("grant"));
    Instant now = clocks.now();
    switch (grant.state) {
      case PLANNED, PROVISIONING ->
          throw inProgress(
              grant.problem == null
                  ? grant.target + " is preparing this access"
                  : grant.problem + "; it is tried again by itself");
      case REVOKING, STUCK, ENDED, CANCELLED ->
          throw new CurfewException(Fault.WRONG_STATE, "this access is over: ask for it again");
      case ACTIVE -> {
        if (!grant.dueAt.isAfter(now)) {
          throw new CurfewException(Fault.WRONG_STATE, "this access is over: ask for it again");
        }
        standing
            .against(grant.target)
            .ifPresent(
                why -> {
                  throw new CurfewException(Fault.TARGET_CLOSED, why);
                });
        unseen
            .objection(grant.target)
            .ifPresent(
                why -> {
                  throw new CurfewException(Fault.TARGET_UNAVAILABLE, why).retryAfter(SOON);
                });
        if (grant.isLeasedAt(now)) {
          throw inProgress("another pick-up of this access is under way");
        }
      }
    }
  }

  private static CurfewException inProgress(String message) {
    return new CurfewException(Fault.PICKUP_IN_PROGRESS, message).retryAfter(SOON);
  }
}

package dev.curfew.grant;

import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.Ids;
import dev.curfew.audit.Proven;
import dev.curfew.catalog.Catalog;
import dev.curfew.catalog.RevokeOnly;
import dev.curfew.connector.ConnectorException;
import dev.curfew.connector.Connectors;
import dev.curfew.connector.Limits;
import dev.curfew.connector.Secret;
import dev.curfew.identity.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.time.Duration;
import java.util.List;

/**
 * Hands out the secret: a lease first, then the call, then the record, then the answer. A death
 * anywhere in between costs the person one more ask.
 */
@ApplicationScoped
public class Pickup {

  private static final Duration SOON = Duration.ofSeconds(1);

  private final Handout handout;
  private final Connectors connectors;
  private final Catalog catalog;
  private final RevokeOnly revokeOnly;
  private final Timekeeping timekeeping;
  private final GrantSettings settings;
  private final String owner = "pick-up:" + Ids.next();

  Pickup(
      Handout handout,
      Connectors connectors,
      Catalog catalog,
      RevokeOnly revokeOnly,
      Timekeeping timekeeping,
      GrantSettings settings) {
    this.handout = handout;
    this.connectors = connectors;
    this.catalog = catalog;
    this.revokeOnly = revokeOnly;
    this.timekeeping = timekeeping;
    this.settings = settings;
  }

  /**
   * The cheap refusals, before a proof is spent.
   *
   * @throws CurfewException NOT_FOUND; WRONG_STATE after the end; PICKUP_IN_PROGRESS, with when to
   *     come back, while it is being provided or another pick-up runs
   */
  @Transactional
  public void ready(String grantId) {
    revokeOnly.refuse();
    refuseWithoutTime();
    handout.ready(grantId);
  }

  /**
   * Makes a new secret and hands it over; the first time starts the window.
   *
   * @param proof which proof of MFA was brought
   * @param inTransaction consumes the proof, in the transaction that starts the pick-up; what it
   *     throws undoes it
   * @throws CurfewException as {@link #ready}; NOT_ALLOWED when the request may no longer be
   *     served; TARGET_UNAVAILABLE when nothing could be handed out
   */
  @Transactional(TxType.NEVER)
  public Handover pickUp(Caller by, String grantId, Proven proof, Runnable inTransaction) {
    revokeOnly.refuse();
    refuseWithoutTime();
    Handout.Started started = handout.issuing(by, grantId, proof, inTransaction, owner);
    Failpoints.pass("pickup.before-call", grantId);
    Secret secret = issue(started);
    Failpoints.pass("pickup.after-call", grantId);
    return record(by, started, secret);
  }

  private void refuseWithoutTime() {
    timekeeping
        .objection()
        .ifPresent(
            why -> {
              throw new CurfewException(Fault.TARGET_UNAVAILABLE, why).retryAfter(SOON);
            });
  }

  private Secret issue(Handout.Started started) {
    Call call = started.call();
    try {
      return connectors
          .of(call.handle().kind())
          .issue(catalog.today(call.handle()), call.until(), Limits.within(settings.issueLimit()));
    } catch (ConnectorException e) {
      handout.failed(started.claim(), e.getMessage(), e.detail());
      throw new CurfewException(
              Fault.TARGET_UNAVAILABLE, e.getMessage() + "; nothing was handed out, ask again")
          .retryAfter(SOON)
          .causedBy(e);
    }
  }

  private Handover record(Caller by, Handout.Started started, Secret secret) {
    try {
      if (!handout.shown(by, started.claim())) {
        throw new CurfewException(
                Fault.PICKUP_IN_PROGRESS,
                "this access ended, or was asked for again, while its secret was made")
            .retryAfter(SOON);
      }
      Failpoints.pass("pickup.after-shown-commit", started.claim().grant());
      return new Handover(lines(secret), started.call().until());
    } finally {
      secret.wipe();
    }
  }

  private static List<Handover.Line> lines(Secret secret) {
    return secret.lines().stream()
        .map(
            line ->
                new Handover.Line(
                    line.name(), line.label(), new String(line.value()), line.isSecret()))
        .toList();
  }
}

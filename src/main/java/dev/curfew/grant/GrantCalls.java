package dev.curfew.grant;

import dev.curfew.catalog.Catalog;
import dev.curfew.connector.ConnectorException;
import dev.curfew.connector.Connectors;
import dev.curfew.connector.Limits;
import dev.curfew.connector.Outcome;
import dev.curfew.connector.Plan;
import dev.curfew.connector.Presence;
import dev.curfew.connector.Progress;
import dev.curfew.connector.Receipt;
import dev.curfew.connector.Verdict;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The calls to a target for one claim: read under the claim, call outside every transaction, record
 * under the claim. It may die between any two lines.
 */
@ApplicationScoped
class GrantCalls {

  private final Settlement settlement;
  private final Connectors connectors;
  private final Catalog catalog;
  private final TargetMemory memory;
  private final GrantSettings settings;

  GrantCalls(
      Settlement settlement,
      Connectors connectors,
      Catalog catalog,
      TargetMemory memory,
      GrantSettings settings) {
    this.catalog = catalog;
    this.memory = memory;
    this.settlement = settlement;
    this.connectors = connectors;
    this.settings = settings;
  }

  void provision(Claim claim) {
    Failpoints.pass("provision.claimed", claim.grant());
    Optional<Call> begun = settlement.beginProvision(claim);
    if (begun.isEmpty()) {
      return;
    }
    Call call = begun.get();
    Failpoints.pass("provision.before-call", claim.grant());
    Outcome outcome = provision(call);
    Failpoints.pass("provision.after-call", claim.grant());
    settlement.provisioned(claim, outcome);
    Failpoints.pass("provision.after-settle-commit", claim.grant());
  }

  void revoke(Claim claim) {
    Failpoints.pass("revoke.claimed", claim.grant());
    Optional<Call> begun = settlement.beginRevoke(claim);
    if (begun.isEmpty()) {
      return;
    }
    Call call = begun.get();
    AtomicReference<Receipt> learned = new AtomicReference<>(call.receipt());
    Failpoints.pass("revoke.before-call", claim.grant());
    Outcome outcome = revoke(call, progress(claim, learned));
    Failpoints.pass("revoke.after-call", claim.grant());
    if (outcome instanceof Outcome.Done) {
      Verdict verdict = look(call, learned.get());
      Failpoints.pass("revoke.after-verify", claim.grant());
      settlement.verified(claim, verdict);
    } else if (outcome instanceof Outcome.Later later) {
      settlement.revokeGoesOn(claim, later);
    } else {
      Outcome.Again again = again(outcome);
      if (call.seenLive() && again.reached()) {
        // what remains may be for ever: whether somebody is inside does not wait for it
        settlement.looked(claim, look(call, learned.get()));
      }
      settlement.revokeWaits(claim, again);
    }
    Failpoints.pass("revoke.after-settle-commit", claim.grant());
  }

  /**
   * Puts on record that a call failed where nobody foresaw it: it is made again, a little later.
   */
  void failed(Claim claim) {
    settlement.failed(claim, "Curfew itself failed at this step and tries again");
  }

  /** A look that changes nothing; what cannot be seen is UNKNOWN. */
  Presence look(Waiting waiting, Limits limits) {
    try {
      return connectors
          .of(waiting.handle().kind())
          .verify(memory.expecting(catalog.today(waiting.handle())), waiting.receipt(), limits)
          .presence();
    } catch (ConnectorException e) {
      return Presence.UNKNOWN;
    }
  }

  private Outcome provision(Call call) {
    try {
      return connectors
          .of(call.handle().kind())
          .provision(
              new Plan(catalog.today(call.handle()), call.plan().effects()),
              call.until(),
              Limits.within(settings.callLimit()));
    } catch (ConnectorException e) {
      return new Outcome.Again(Duration.ZERO, e.getMessage(), e.detail(), e.reached());
    }
  }

  private Outcome revoke(Call call, Progress progress) {
    try {
      return connectors
          .of(call.handle().kind())
          .revoke(
              catalog.today(call.handle()),
              call.receipt(),
              progress,
              Limits.within(settings.callLimit()));
    } catch (ConnectorException e) {
      return new Outcome.Again(Duration.ZERO, e.getMessage(), e.detail(), e.reached());
    }
  }

  private Progress progress(Claim claim, AtomicReference<Receipt> learned) {
    return (step, receipt, facts) -> {
      learned.set(receipt);
      boolean mayGoOn = settlement.stepped(claim, step, receipt, facts);
      Failpoints.pass(
          "revoke.after-" + step.name().toLowerCase(Locale.ROOT) + "-commit", claim.grant());
      return mayGoOn;
    };
  }

  private Verdict look(Call call, Receipt receipt) {
    try {
      return connectors
          .of(call.handle().kind())
          .verify(
              memory.expecting(catalog.today(call.handle())),
              receipt,
              Limits.within(settings.verifyLimit()));
    } catch (ConnectorException e) {
      return Verdict.unknown(e.getMessage(), List.of(e.detail()));
    }
  }

  /** There is no refusal to give up on: what cannot be taken away now is taken away later. */
  private static Outcome.Again again(Outcome outcome) {
    if (outcome instanceof Outcome.Again again) {
      return again;
    }
    String why = outcome instanceof Outcome.Refused refused ? refused.why() : "it did not say why";
    return new Outcome.Again(Duration.ZERO, why, true);
  }
}

package dev.curfew.request;

import dev.curfew.Clocks;
import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.audit.Audit;
import dev.curfew.audit.Entry;
import dev.curfew.audit.Kind;
import dev.curfew.audit.Recorded;
import dev.curfew.identity.Caller;
import dev.curfew.identity.ClockCorrected;
import dev.curfew.mfa.Act;
import dev.curfew.mfa.MfaConfig;
import dev.curfew.mfa.Need;
import dev.curfew.mfa.Offered;
import dev.curfew.mfa.Proof;
import dev.curfew.mfa.Proofs;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.persistence.EntityManager;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * How the clocks stand, and the one way in which the time that counts goes back: the store's clock
 * had been ahead, was set right, and an administrator says so.
 */
@ApplicationScoped
public class ClockFlow {

  /** Below this the clocks agree: there is nothing to accept. */
  private static final Duration AGREED = Duration.ofSeconds(1);

  private final EntityManager store;
  private final Clocks clocks;
  private final Event<ClockCorrected> corrected;
  private final Audit audit;
  private final Proofs proofs;
  private final MfaConfig mfa;

  ClockFlow(
      EntityManager store,
      Clocks clocks,
      Event<ClockCorrected> corrected,
      Audit audit,
      Proofs proofs,
      MfaConfig mfa) {
    this.store = store;
    this.clocks = clocks;
    this.corrected = corrected;
    this.audit = audit;
    this.proofs = proofs;
    this.mfa = mfa;
  }

  /**
   * For administrators and auditors.
   *
   * @throws CurfewException NOT_ALLOWED
   */
  public ClockView view(Caller caller) {
    Rights.demandReaderOfAll(caller);
    return ClockView.of(clocks);
  }

  /**
   * Takes the store's clock as the time from here on. What is left of every grant, session, token
   * and link stays as it is. Works while the broker only revokes.
   *
   * @throws CurfewException NOT_ALLOWED; WRONG_STATE when the clock is not behind; and those of the
   *     proof
   */
  @Recorded("clock-accept")
  public ClockView accept(Caller caller, Offered offered) {
    Rights.demandAdministrator(caller);
    if (clocks.skew().behind().compareTo(AGREED) < 0) {
      throw new CurfewException(
          Fault.WRONG_STATE, "the store's clock is not behind the time that counts");
    }
    Proof proof =
        proofs.spend(caller, Act.of("clock-accept"), Need.admin(mfa.adminAcceptCode()), offered);
    QuarkusTransaction.requiringNew().run(() -> accept(caller, proof));
    clocks.refresh();
    return ClockView.of(clocks);
  }

  private void accept(Caller caller, Proof proof) {
    proofs.consume(proof);
    List<?> rows =
        store
            .createNativeQuery(
                "select greatest(mark, :carried), clock_timestamp() from store_clock"
                    + " where accepted = :accepted for update")
            .setParameter("carried", clocks.now())
            .setParameter("accepted", clocks.accepted())
            .getResultList();
    if (rows.isEmpty()) {
      throw new CurfewException(
          Fault.WRONG_STATE, "somebody else accepted the clock just now; look again");
    }
    Object[] row = (Object[]) rows.get(0);
    Instant from = (Instant) row[0];
    Instant to = Clocks.truncated((Instant) row[1]);
    audit.record(
        Entry.of(Kind.CLOCK_ACCEPTED, caller)
            .with("from_at", from.toString())
            .with("to_at", to.toString())
            .with(proof.proven()));
    corrected.fire(new ClockCorrected(Duration.between(to, from), to));
    store
        .createNativeQuery("update store_clock set mark = :to, accepted = accepted + 1")
        .setParameter("to", to)
        .executeUpdate();
  }
}

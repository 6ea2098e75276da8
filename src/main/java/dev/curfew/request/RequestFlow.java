package dev.curfew.request;

import dev.curfew.identity.Caller;
import dev.curfew.mfa.Offered;
import jakarta.enterprise.context.ApplicationScoped;

/** Ask, vote, cancel, lapse. */
@ApplicationScoped
public class RequestFlow {

  /**
   * What would come of the ask; changes nothing and is not recorded.
   *
   * @throws dev.curfew.CurfewException NOT_FOUND for what the caller may not ask for; INVALID
   */
  public Forecast forecast(Caller caller, Submit submit) {
    throw new UnsupportedOperationException();
  }

  /**
   * Asks. A second ask for what is open or live leads to it.
   *
   * @param idempotencyKey the same key and body answer the same request again; may be null
   * @throws dev.curfew.CurfewException INVALID, NOT_FOUND, DENIED_BY_RULE, LIMIT_REACHED,
   *     TARGET_CLOSED, IDEMPOTENCY_MISMATCH, and those of the proof
   */
  public RequestView submit(Caller caller, Submit submit, Offered offered, String idempotencyKey) {
    throw new UnsupportedOperationException();
  }

  /**
   * Votes; the vote that decides opens the grant in the same transaction.
   *
   * @throws dev.curfew.CurfewException NOT_FOUND, NOT_ALLOWED, ALREADY_DECIDED, CHANGED_MEANWHILE,
   *     INVALID, and those of the proof
   */
  public RequestView vote(Caller caller, Vote vote, Offered offered) {
    throw new UnsupportedOperationException();
  }

  /** Takes the caller's own request back. */
  public RequestView cancel(Caller caller, String requestId) {
    throw new UnsupportedOperationException();
  }

  /** Ends what waited too long; answers how many. Called by a job of the cluster. */
  public int lapse() {
    throw new UnsupportedOperationException();
  }
}

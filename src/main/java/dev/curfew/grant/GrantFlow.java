package dev.curfew.grant;

import dev.curfew.identity.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

/** The moves of a grant. Each is one transaction with its entry; none calls a target. */
@ApplicationScoped
public class GrantFlow {

  /**
   * Opens a grant: from here on its end is on record, whatever happens.
   *
   * @throws dev.curfew.CurfewException CHANGED_MEANWHILE when a fresh preview differs from what was
   *     read; TARGET_CLOSED when the target takes no new grants
   */
  @Transactional
  public void open(Opening opening, Caller by) {
    throw new UnsupportedOperationException();
  }

  /**
   * Decides the end. What was never provided is cancelled; all else is taken away, beginning at
   * once.
   *
   * @param note what was said about it; may be null
   * @throws dev.curfew.CurfewException NOT_FOUND; WRONG_STATE when its end is decided already
   */
  @Transactional
  public void end(Caller by, String grantId, EndReason why, String note) {
    throw new UnsupportedOperationException();
  }

  /** The same for every open grant of a person; answers how many it ended. */
  @Transactional
  public int endAllOf(Caller by, String person, EndReason why, String note) {
    throw new UnsupportedOperationException();
  }

  /**
   * A person's word that a stuck grant is gone. A sweep opens it again if our mark is still seen.
   *
   * @param note how they know; required
   * @param proofWords which proof of MFA they brought
   * @throws dev.curfew.CurfewException NOT_ALLOWED unless by an administrator other than the
   *     grant's person; WRONG_STATE unless it is stuck
   */
  @Transactional
  public void attest(Caller by, String grantId, String note, String proofWords) {
    throw new UnsupportedOperationException();
  }
}

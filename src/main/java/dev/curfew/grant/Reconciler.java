package dev.curfew.grant;

import dev.curfew.identity.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/**
 * Holds every target against the store: what is missing there, what is there and should not be.
 * Called each minute and at boot by the cluster's scheduler.
 */
@ApplicationScoped
public class Reconciler {

  /**
   * Reconciles all targets, in parallel; a target that does not answer stops none of the others.
   */
  public void run() {
    throw new UnsupportedOperationException();
  }

  /** What stands out at the targets now, newest first. */
  public List<FindingView> findings() {
    throw new UnsupportedOperationException();
  }

  /** An administrator's word that a reported orphan is to be taken away now. */
  public void release(Caller by, String findingId, String proofWords) {
    throw new UnsupportedOperationException();
  }
}

package dev.curfew.request;

import dev.curfew.identity.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Reads grants. Seen by whoever may see the request behind it. */
@ApplicationScoped
public class GrantReads {

  /**
   * @throws dev.curfew.CurfewException NOT_FOUND
   */
  public SeenGrant view(Caller caller, String grantId) {
    throw new UnsupportedOperationException();
  }

  /** The caller's own, newest first. */
  public List<SeenGrant> mine(Caller caller) {
    throw new UnsupportedOperationException();
  }

  /** All that is not over and the caller may see. */
  public List<SeenGrant> live(Caller caller) {
    throw new UnsupportedOperationException();
  }

  /** What is stuck; for administrators and auditors. */
  public List<SeenGrant> stuck(Caller caller) {
    throw new UnsupportedOperationException();
  }
}

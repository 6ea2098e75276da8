package dev.curfew.request;

import dev.curfew.identity.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/**
 * Reads requests. Seen by the requester, the members of its stages' groups, auditors and
 * administrators; for all others there is no such request.
 */
@ApplicationScoped
public class Requests {

  /**
   * @throws dev.curfew.CurfewException NOT_FOUND
   */
  public RequestView view(Caller caller, String id) {
    throw new UnsupportedOperationException();
  }

  /** The rules' decision with its trace, as JSON; who may see the request may see it. */
  public String trace(Caller caller, String id) {
    throw new UnsupportedOperationException();
  }

  /** The caller's newest 50. */
  public List<RequestView> mine(Caller caller) {
    throw new UnsupportedOperationException();
  }

  /** What waits for the caller's vote, the oldest first. */
  public List<RequestView> inbox(Caller caller) {
    throw new UnsupportedOperationException();
  }

  public int inboxCount(Caller caller) {
    throw new UnsupportedOperationException();
  }

  /**
   * Newest first.
   *
   * @param state null for any
   * @param cursor {@link Page#next} of the page before; null for the first
   * @param limit 1 to 100
   */
  public Page<RequestView> page(
      Caller caller, Box box, RequestState state, String cursor, int limit) {
    throw new UnsupportedOperationException();
  }

  /** How many wait for a vote, anybody's. For metrics. */
  public long pending() {
    throw new UnsupportedOperationException();
  }
}

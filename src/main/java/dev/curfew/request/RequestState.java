package dev.curfew.request;

/**
 * Where a request stands. All but {@link #PENDING} are final and the first transition wins: undo is
 * a revoke of the grant, never an edit of the request.
 */
public enum RequestState {
  /** Waits for votes. */
  PENDING,
  /** The rules, or enough approvers, agreed; a grant was opened in the same transaction. */
  APPROVED,
  /** An approver said no, and why. */
  DENIED,
  /** The requester took it back, or the requester was disabled. */
  CANCELLED,
  /** Nobody decided in time. */
  LAPSED;

  public boolean isFinal() {
    return this != PENDING;
  }
}

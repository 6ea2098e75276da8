package dev.curfew.grant;

/** Why a grant ended. The first reason stands, except that {@link #ATTESTED} replaces it. */
public enum EndReason {
  /** The window was over. */
  EXPIRED("the window is over"),
  /** It was not picked up in time. */
  UNCLAIMED("it was not picked up in time"),
  /** Its person gave it back. */
  GIVEN_BACK("given back"),
  /** An approver or an administrator took it away, or its person was disabled. */
  REVOKED("revoked"),
  /** An outside fact ended it. */
  SIGNAL("ended by a signal"),
  /** It could not be provisioned, or no longer might be. */
  FAILED("it could not be provided"),
  /** It was found missing at the target: somebody else removed it. */
  DRIFT("it was removed at the target by somebody else"),
  /** A person other than the requester says that it is gone; no look proved it. */
  ATTESTED("attested by hand");

  private final String words;

  EndReason(String words) {
    this.words = words;
  }

  /** For people, to follow "ended: ". */
  public String words() {
    return words;
  }
}

package dev.curfew.account;

/** How far somebody got in signing in. */
public enum Level {
  /** The password was right: reaches the second-factor page alone. */
  PASSWORD,
  /** A one-time link or a recovery code was right: reaches enrolment alone. */
  ENROLLING,
  /** Both factors: reaches everything the person may. */
  FULL
}

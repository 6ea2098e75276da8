package dev.curfew.connector;

/** Whether an access exists at its target. UNKNOWN is not ABSENT. */
public enum Presence {
  PRESENT,
  ABSENT,
  UNKNOWN
}

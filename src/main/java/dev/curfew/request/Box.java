package dev.curfew.request;

/** Which requests a list holds. */
public enum Box {
  /** The caller's own. */
  MINE,
  /** Pending ones that wait for the caller's vote. */
  INBOX,
  /** All that the caller may see. */
  ALL
}

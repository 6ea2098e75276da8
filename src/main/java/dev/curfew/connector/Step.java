package dev.curfew.connector;

/** The steps of a revocation, in their order. */
public enum Step {
  /** No new login, and no late issue, can open it again. */
  BLOCK,
  /** No live session is left. */
  KILL,
  /** What was made is removed. */
  CLEAN,
  /** A read-only look proved it. */
  VERIFY
}

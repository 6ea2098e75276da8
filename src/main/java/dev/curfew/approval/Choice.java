package dev.curfew.approval;

/** What a voter says. */
public enum Choice {
  APPROVE,
  DENY
}

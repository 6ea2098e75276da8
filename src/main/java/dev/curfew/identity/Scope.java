package dev.curfew.identity;

/** What a personal token may be used for. A page session has all of them. */
public enum Scope {
  /** Read what the person may read. */
  READ,
  /** Ask, cancel, pick up, give back. */
  REQUEST,
  /** Vote, and revoke what one may approve. */
  APPROVE,
  /** Administer, if the person is an administrator. */
  ADMIN
}

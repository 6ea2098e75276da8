package dev.curfew.identity;

/**
 * What a person may do by membership of a reserved group. Approving is by a rule's group instead.
 */
public enum Role {
  /** Manages people, groups, packs and stuck grants; sees everything but secrets. */
  ADMINISTRATOR("administrators"),
  /** Reads everything that happened; changes nothing. */
  AUDITOR("auditors");

  private final String group;

  Role(String group) {
    this.group = group;
  }

  /** The reserved group whose members have this role. */
  public String group() {
    return group;
  }
}

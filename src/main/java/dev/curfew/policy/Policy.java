package dev.curfew.policy;

import java.util.Set;

/** The rules of one snapshot. */
public final class Policy {

  /**
   * Any deny wins; otherwise all matching asks join; otherwise an allow; and where nothing matches
   * the answer is no. The order of rules and files means nothing.
   */
  public Decision decide(Facts facts) {
    throw new UnsupportedOperationException();
  }

  /**
   * Whether the entitlement exists for this person: some rule lets one of their groups ask, and
   * none denies it whatever they ask.
   */
  public boolean mayAsk(Set<String> groups, String person, String entitlement) {
    throw new UnsupportedOperationException();
  }
}

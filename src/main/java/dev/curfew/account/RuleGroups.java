package dev.curfew.account;

import java.util.Set;

/** The groups that the accepted rules name. Nobody need be in them. */
public interface RuleGroups {

  Set<String> named();

  /** True as well while there are no rules that could tell. */
  boolean mayName(String group);
}

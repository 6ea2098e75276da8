package dev.curfew.catalog;

import java.util.List;
import java.util.Set;

/** Port: reads rule files for a snapshot that is being put together; policy implements it. */
@FunctionalInterface
public interface RuleCheck {

  /**
   * Every problem of the files at once.
   *
   * @param entitlements ids that the packs offer: a rule that covers none of them is a problem;
   *     empty when they are not all known, because a pack is wrong
   */
  List<Problem> check(List<RuleFile> files, Set<String> entitlements);
}

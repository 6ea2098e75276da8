package dev.curfew.catalog;

import java.util.Optional;

/** Port: another part's reason why a target takes no new grants now. */
@FunctionalInterface
public interface Objection {

  /** The reason, fit for people; empty when there is none. */
  Optional<String> against(String target);
}

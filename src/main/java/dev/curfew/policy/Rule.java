package dev.curfew.policy;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One rule as its file says it.
 *
 * @param covers which entitlements
 * @param groups who; empty means everybody
 * @param except people in one of these are not meant
 * @param because in words, when it holds; empty where it always does
 * @param terms what it demands of the asker where it matches
 */
record Rule(
    String name,
    String file,
    int line,
    List<Glob> covers,
    Set<String> groups,
    Set<String> except,
    Optional<Condition> when,
    String because,
    Effect effect,
    Terms terms) {

  /** What a rule does where it matches. */
  sealed interface Effect {

    /** Nobody needs to agree. */
    record Allow() implements Effect {}

    /** So many people of a group must agree. */
    record Ask(String group, int needed, boolean acceptCode) implements Effect {}

    /** It is not given. */
    record Deny(String why) implements Effect {}
  }

  Rule {
    covers = List.copyOf(covers);
    groups = Set.copyOf(groups);
    except = Set.copyOf(except);
  }

  boolean covers(String entitlement) {
    return covers.stream().anyMatch(glob -> glob.covers(entitlement));
  }

  boolean isFor(Set<String> ofPerson) {
    return (groups.isEmpty() || groups.stream().anyMatch(ofPerson::contains))
        && except.stream().noneMatch(ofPerson::contains);
  }

  boolean denies() {
    return effect instanceof Effect.Deny;
  }
}

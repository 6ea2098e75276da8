package dev.curfew.grant;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The targets whose witness this node has not asked since it started. Until it has, nothing is
 * given there and nothing ends there by time: the store may be one of an hour ago. A target that
 * cannot be reached could not be asked to revoke either, so nothing is lost by waiting.
 */
@ApplicationScoped
class Unseen {

  private volatile boolean everything;
  private volatile Set<String> targets = Set.of();

  /** Before the first look. */
  void everything() {
    everything = true;
  }

  void are(Collection<String> these) {
    targets = Set.copyOf(these);
    everything = false;
  }

  boolean isEverything() {
    return everything;
  }

  boolean includes(String target) {
    return everything || targets.contains(target);
  }

  /** For a query that wants at least one. */
  List<String> forQuery() {
    Set<String> now = targets;
    return now.isEmpty() ? List.of("") : List.copyOf(now);
  }

  Optional<String> objection(String target) {
    return includes(target)
        ? Optional.of(target + " was not asked yet, since this node started, how far it knew us")
        : Optional.empty();
  }
}

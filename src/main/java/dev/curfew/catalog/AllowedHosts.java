package dev.curfew.catalog;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Where targets may be: names or addresses, a leading {@code *.} standing for any name below. An
 * empty list allows every host but those that are never a target: link-local addresses, where
 * clouds keep the metadata that a pack must not reach.
 */
public record AllowedHosts(List<String> patterns) {

  public AllowedHosts {
    patterns = patterns.stream().map(each -> each.strip().toLowerCase(Locale.ROOT)).toList();
  }

  /** Why the host may not be used; empty when it may. */
  Optional<String> objection(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    if (patterns.isEmpty()) {
      return isLinkLocal(name)
          ? Optional.of("link-local addresses are never a target unless allowed by name")
          : Optional.empty();
    }
    return patterns.stream().anyMatch(pattern -> matches(pattern, name))
        ? Optional.empty()
        : Optional.of("it is not in curfew.targets.allowed-hosts");
  }

  private static boolean matches(String pattern, String name) {
    return pattern.startsWith("*.")
        ? name.endsWith(pattern.substring(1)) && name.length() > pattern.length() - 1
        : pattern.equals(name);
  }

  private static boolean isLinkLocal(String name) {
    return name.startsWith("169.254.")
        || name.startsWith("fe80:")
        || name.startsWith("fd00:ec2:")
        || name.equals("metadata.google.internal");
  }
}

package dev.curfew.faults;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What must stand nowhere. A text is read once, however many secrets there are. */
final class Secrets {

  private static final int HEAD = 8;

  private final Map<String, Set<String>> byHead = new ConcurrentHashMap<>();

  void add(String secret) {
    if (secret.length() < HEAD) {
      throw new IllegalArgumentException("too short to be looked for");
    }
    byHead
        .computeIfAbsent(secret.substring(0, HEAD), head -> ConcurrentHashMap.newKeySet())
        .add(secret);
  }

  int size() {
    return byHead.values().stream().mapToInt(Set::size).sum();
  }

  /** Whether one of them does. */
  boolean standIn(String text) {
    for (int i = 0; i + HEAD <= text.length(); i++) {
      int at = i;
      Set<String> alike = byHead.getOrDefault(text.substring(i, i + HEAD), Set.of());
      if (alike.stream().anyMatch(secret -> text.startsWith(secret, at))) {
        return true;
      }
    }
    return false;
  }
}

package dev.curfew.connector.sql;

import java.util.List;
import java.util.Map;

/**
 * The statements for one server version.
 *
 * @param range the versions they are for, in words
 */
public record Statements(String range, Map<Verb, List<String>> byVerb) {

  public Statements {
    byVerb = Map.copyOf(byVerb);
  }

  List<String> changes(Verb verb) {
    return byVerb.getOrDefault(verb, List.of());
  }

  String query(Verb verb) {
    return changes(verb).get(0);
  }
}

package dev.curfew.connector;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What may be asked for on a target, as its connector reads it.
 *
 * @param id for example {@code orders-db/read-only}
 * @param settings what this kind needs, for PostgreSQL {@code database}, {@code role} (the group),
 *     {@code level} ({@code member} or {@code owner}), {@code connections}
 */
public record Entitlement(String id, Map<String, String> settings) {

  public Entitlement {
    settings = Collections.unmodifiableMap(new TreeMap<>(settings));
  }
}

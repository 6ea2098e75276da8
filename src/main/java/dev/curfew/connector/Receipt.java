package dev.curfew.connector;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** What was learned by an effect, for PostgreSQL the role's OID and the server's identifier. */
public record Receipt(Map<String, String> facts) {

  public static final Receipt NONE = new Receipt(Map.of());

  public Receipt {
    facts = Collections.unmodifiableMap(new TreeMap<>(facts));
  }
}

package dev.curfew.connector;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** What was learned by an effect, for PostgreSQL the role's OID and the server's identifier. */
public record Receipt(Map<String, String> facts) {

  public static final Receipt NONE = new Receipt(Map.of());

  private static final String HANDED_OUT = "handed-out";

  public Receipt {
    facts = Collections.unmodifiableMap(new TreeMap<>(facts));
  }

  /** The same, of an access that a secret was asked for, whatever is seen at the target now. */
  public Receipt handedOut() {
    Map<String, String> all = new TreeMap<>(facts);
    all.put(HANDED_OUT, "yes");
    return new Receipt(all);
  }

  /** Whether it is known that a secret was asked for; if not, one may have been all the same. */
  public boolean isHandedOut() {
    return facts.containsKey(HANDED_OUT);
  }
}

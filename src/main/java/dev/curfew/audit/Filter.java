package dev.curfew.audit;

import dev.curfew.CurfewException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Which entries of the history; null is no condition. {@code person} is who acted or to whom it was
 * done, by id or by exact name; {@code from} counts, {@code until} no longer.
 */
public record Filter(
    String person,
    String target,
    String entitlement,
    String request,
    String grant,
    String kind,
    Entry.Outcome outcome,
    Instant from,
    Instant until) {

  private static final int LONGEST = 200;

  public Filter {
    person = refuseLong("person", person);
    target = refuseLong("target", target);
    entitlement = refuseLong("entitlement", entitlement);
    request = refuseLong("request", request);
    grant = refuseLong("grant", grant);
    kind = refuseLong("kind", kind);
    if (kind != null && Kind.byCode(kind).isEmpty()) {
      throw CurfewException.invalid("kind", "there is no such kind of entry");
    }
    if (from != null && until != null && !from.isBefore(until)) {
      throw CurfewException.invalid("until", "the end lies before the start");
    }
  }

  public static Filter all() {
    return new Filter(null, null, null, null, null, null, null, null, null);
  }

  /**
   * @throws CurfewException when the text is none of done, refused, failed
   */
  public static Entry.Outcome outcome(String text) {
    for (Entry.Outcome outcome : Entry.Outcome.values()) {
      if (outcome.name().toLowerCase(Locale.ROOT).equals(text)) {
        return outcome;
      }
    }
    throw CurfewException.invalid("outcome", "the outcome is done, refused or failed");
  }

  /** The conditions by name, in the order of the form; what is no condition is missing. */
  public Map<String, String> conditions() {
    Map<String, String> conditions = new LinkedHashMap<>();
    put(conditions, "person", person);
    put(conditions, "target", target);
    put(conditions, "entitlement", entitlement);
    put(conditions, "request", request);
    put(conditions, "grant", grant);
    put(conditions, "kind", kind);
    put(conditions, "outcome", outcome == null ? null : outcome.name().toLowerCase(Locale.ROOT));
    put(conditions, "from", from);
    put(conditions, "until", until);
    return conditions;
  }

  private static void put(Map<String, String> conditions, String name, Object value) {
    if (value != null) {
      conditions.put(name, value.toString());
    }
  }

  private static String refuseLong(String field, String text) {
    if (text == null || text.isBlank()) {
      return null;
    }
    if (text.length() > LONGEST || text.indexOf('\0') >= 0) {
      throw CurfewException.invalid(field, "at most " + LONGEST + " characters");
    }
    return text.strip();
  }
}

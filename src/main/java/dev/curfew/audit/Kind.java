package dev.curfew.audit;

import java.util.Locale;
import java.util.Set;

/**
 * What an entry is about. Each kind names the fields its body may have: what is not named here
 * cannot be written, so no secret can slip into the history by being near it.
 */
public enum Kind {
  REQUEST_SUBMITTED("window_seconds", "reason_hash", "ticket", "stages", "effects_hash", "proof"),
  REFUSED("code", "act", "count", "message");

  private final Set<String> fields;

  Kind(String... fields) {
    this.fields = Set.of(fields);
  }

  /** The stable name in exports and filters, for example {@code request-submitted}. */
  public String code() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  boolean allows(String field) {
    return fields.contains(field);
  }
}

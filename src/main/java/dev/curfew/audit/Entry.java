package dev.curfew.audit;

import dev.curfew.identity.Caller;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One thing that happened: who did what, to or for whom, with which outcome. Immutable; each {@code
 * with…} answers a copy.
 *
 * @param caller who acted and from where
 * @param subject the person it was done to or for; null when nobody
 * @param outcome null means {@link Outcome#DONE}
 */
public record Entry(
    Kind kind,
    Caller caller,
    String subject,
    String target,
    String entitlement,
    String request,
    String grant,
    Outcome outcome,
    Map<String, Object> body,
    Map<String, String> personal) {

  /** How it ended. */
  public enum Outcome {
    DONE,
    REFUSED,
    FAILED
  }

  public Entry {
    outcome = outcome == null ? Outcome.DONE : outcome;
    body = Collections.unmodifiableMap(new LinkedHashMap<>(body));
    personal = Collections.unmodifiableMap(new LinkedHashMap<>(personal));
    for (String field : body.keySet()) {
      refuseUnlessAllowed(kind, field);
    }
    for (String field : personal.keySet()) {
      refuseUnlessAllowed(kind, field);
    }
  }

  public static Entry of(Kind kind, Caller caller) {
    return new Entry(kind, caller, null, null, null, null, null, null, Map.of(), Map.of());
  }

  public Entry subject(String person) {
    return new Entry(
        kind, caller, person, target, entitlement, request, grant, outcome, body, personal);
  }

  public Entry target(String id) {
    return new Entry(
        kind, caller, subject, id, entitlement, request, grant, outcome, body, personal);
  }

  public Entry entitlement(String id) {
    return new Entry(kind, caller, subject, target, id, request, grant, outcome, body, personal);
  }

  public Entry request(String id) {
    return new Entry(
        kind, caller, subject, target, entitlement, id, grant, outcome, body, personal);
  }

  public Entry grant(String id) {
    return new Entry(
        kind, caller, subject, target, entitlement, request, id, outcome, body, personal);
  }

  public Entry outcome(Outcome how) {
    return new Entry(
        kind, caller, subject, target, entitlement, request, grant, how, body, personal);
  }

  /**
   * A field of the body: a string, a number, a boolean, or a list of those. Null is left out.
   *
   * @throws IllegalArgumentException when the kind does not name the field
   */
  public Entry with(String field, Object value) {
    if (value == null) {
      return this;
    }
    Map<String, Object> more = new LinkedHashMap<>(body);
    more.put(field, value);
    return new Entry(
        kind, caller, subject, target, entitlement, request, grant, outcome, more, personal);
  }

  /** With which proof it was done; null where none was asked for. */
  public Entry with(Proven proof) {
    return proof == null ? this : with("proof", proof.words()).with("proof_id", proof.id());
  }

  /** A personal value: the body gets its salted hash, salt and value can be erased later. */
  public Entry withPersonal(String field, String value) {
    if (value == null) {
      return this;
    }
    Map<String, String> more = new LinkedHashMap<>(personal);
    more.put(field, value);
    return new Entry(
        kind, caller, subject, target, entitlement, request, grant, outcome, body, more);
  }

  private static void refuseUnlessAllowed(Kind kind, String field) {
    if (!kind.allows(field)) {
      throw new IllegalArgumentException("an entry " + kind.code() + " has no field " + field);
    }
  }
}

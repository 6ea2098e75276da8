package dev.curfew.mfa;

import dev.curfew.CurfewException;
import java.text.Normalizer;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Exactly what somebody is about to do, in the one form that page, script and flow agree on: every
 * scalar of the call as text, line breaks as LF, trimmed, NFC, what is empty left out. The proof
 * itself and the idempotency key are not part of it.
 *
 * @param name for example {@code vote}
 * @param fields the call's body and the ids of its path, by their JSON names
 */
public record Act(String name, SortedMap<String, String> fields) {

  public Act {
    if (name == null || !name.matches("[a-z]{1,20}(-[a-z]{1,20}){0,3}")) {
      throw CurfewException.invalid("act", "an act is a word such as vote or pick-up");
    }
    SortedMap<String, String> kept = new TreeMap<>();
    fields.forEach(
        (field, value) -> {
          String text = canonical(value);
          if (!text.isEmpty()) {
            kept.put(field, text);
          }
        });
    fields = Collections.unmodifiableSortedMap(kept);
  }

  public static Act of(String name) {
    return new Act(name, new TreeMap<>());
  }

  /** From a parsed JSON body: nested values are refused, null is left out. */
  public static Act of(String name, Map<String, ?> body) {
    SortedMap<String, String> fields = new TreeMap<>();
    body.forEach(
        (field, value) -> {
          if (value instanceof Map || value instanceof Iterable) {
            throw CurfewException.invalid(
                field,
                "the body of an act holds texts, numbers and booleans; join lists by a space");
          }
          fields.put(field, value == null ? null : value.toString());
        });
    return new Act(name, fields);
  }

  /** The same act with one more field; null and blank add nothing. */
  public Act with(String field, Object value) {
    SortedMap<String, String> more = new TreeMap<>(fields);
    more.put(field, value == null ? null : value.toString());
    return new Act(name, more);
  }

  private static String canonical(String value) {
    return value == null
        ? ""
        : Normalizer.normalize(value.replace("\r\n", "\n").strip(), Normalizer.Form.NFC);
  }
}

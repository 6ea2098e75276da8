package dev.curfew.audit;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An entry as it is read back.
 *
 * @param n its number, null while it has none
 * @param kind the code of its kind
 * @param body the canonical JSON, byte for byte as written
 * @param fields the same, parsed
 * @param personal the personal values by field; erased ones are missing
 */
public record Moment(
    Long n,
    String id,
    Instant at,
    String kind,
    String actor,
    String subject,
    String target,
    String entitlement,
    String request,
    String grant,
    Entry.Outcome outcome,
    String body,
    JsonNode fields,
    Map<String, Salted> personal) {

  /** A personal value and the salt, in hexadecimal, with which the body's hash is made. */
  public record Salted(String salt, String value) {}

  public Moment {
    personal = Map.copyOf(personal);
  }

  /** The personal values in the order of their fields' names. */
  public SortedMap<String, Salted> salted() {
    return new TreeMap<>(personal);
  }

  /** What happened, in a sentence. */
  public String words() {
    return Kind.byCode(kind).map(known -> known.sentence().fill(this::word)).orElse(kind);
  }

  /** A field of the body, in words; empty when there is none. */
  public Optional<String> field(String name) {
    JsonNode value = fields.get(name);
    return value == null ? Optional.empty() : Optional.of(Words.of(name, value));
  }

  public Optional<String> personal(String name) {
    return Optional.ofNullable(personal.get(name)).map(Salted::value);
  }

  public String actorName() {
    return personal("actor_name").orElse(actor);
  }

  public String subjectName() {
    return personal("subject_name").orElse(subject);
  }

  /** Where the call came from; empty for the broker itself. */
  public Optional<String> from() {
    return personal("from");
  }

  /** With which proof, in words; empty when the act needs none. */
  public Optional<String> proof() {
    return field("proof");
  }

  private String word(String name) {
    return switch (name) {
      case "actor" -> actorName();
      case "subject" -> subjectName();
      case "target" -> target;
      case "entitlement" -> entitlement;
      default -> field(name).or(() -> personal(name)).orElse(null);
    };
  }
}

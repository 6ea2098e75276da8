package dev.curfew.audit;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Set;
import java.util.StringJoiner;
import java.util.regex.Pattern;

/** Values of a body as people read them. */
final class Words {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final Set<String> TIMES = Set.of("until", "claim_by", "live_since");
  private static final Pattern CONSTANT = Pattern.compile("[A-Z][A-Z_]+");

  private Words() {}

  static String of(String field, JsonNode value) {
    if (value.isArray()) {
      StringJoiner all = new StringJoiner(", ");
      value.forEach(each -> all.add(of(field, each)));
      return all.toString();
    }
    if (field.endsWith("_seconds") && value.isNumber()) {
      return duration(Duration.ofSeconds(value.longValue()));
    }
    if (field.endsWith("_millis") && value.isNumber()) {
      return value.longValue() + " ms";
    }
    if (!value.isTextual()) {
      return value.isValueNode() ? value.asText() : value.toString();
    }
    return text(field, value.textValue());
  }

  private static String text(String field, String text) {
    if (TIMES.contains(field) || field.endsWith("_at")) {
      return time(text);
    }
    return CONSTANT.matcher(text).matches()
        ? text.toLowerCase(Locale.ROOT).replace('_', ' ')
        : text;
  }

  private static String time(String text) {
    try {
      return TIME.format(Instant.parse(text));
    } catch (DateTimeParseException e) {
      return text;
    }
  }

  static String duration(Duration length) {
    if (length.isZero()) {
      return "0 s";
    }
    StringJoiner words = new StringJoiner(" ");
    part(words, length.toDays(), "d");
    part(words, length.toHoursPart(), "h");
    part(words, length.toMinutesPart(), "min");
    part(words, length.toSecondsPart(), "s");
    return words.toString();
  }

  private static void part(StringJoiner words, long amount, String unit) {
    if (amount > 0) {
      words.add(amount + " " + unit);
    }
  }
}

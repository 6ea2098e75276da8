package dev.curfew.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a kind of entry reads. {@code {field}} is filled in; a part in {@code [square brackets]} is
 * left out when one of its fields has no value.
 */
final class Sentence {

  private static final Pattern PART = Pattern.compile("\\[([^\\]]*)\\]|([^\\[]+)");
  private static final Pattern FIELD = Pattern.compile("\\{([a-z_]+)\\}");

  private record Part(String text, boolean optional) {}

  private final List<Part> parts = new ArrayList<>();

  Sentence(String pattern) {
    Matcher part = PART.matcher(pattern);
    while (part.find()) {
      boolean optional = part.group(1) != null;
      parts.add(new Part(optional ? part.group(1) : part.group(2), optional));
    }
  }

  /**
   * @param value the words for a field, null when it has none
   */
  String fill(Function<String, String> value) {
    StringBuilder words = new StringBuilder();
    for (Part part : parts) {
      append(words, part, value);
    }
    return words.toString();
  }

  private static void append(StringBuilder words, Part part, Function<String, String> value) {
    StringBuilder filled = new StringBuilder();
    Matcher field = FIELD.matcher(part.text());
    int end = 0;
    while (field.find()) {
      String known = value.apply(field.group(1));
      if (known == null && part.optional()) {
        return;
      }
      filled.append(part.text(), end, field.start()).append(known == null ? "…" : known);
      end = field.end();
    }
    words.append(filled).append(part.text(), end, part.text().length());
  }
}

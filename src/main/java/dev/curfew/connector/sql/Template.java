package dev.curfew.connector.sql;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts values into a statement the way psql does: {@code :"name"} becomes a quoted name, {@code
 * :'name'} a quoted text; {@code :#name} becomes a whole number. Nothing goes in unquoted and
 * unchecked, no statement needs to know what a value looks like, and a value is never looked at
 * again once it is in.
 */
final class Template {

  private static final String NAME = "[a-z][a-z0-9_]*";
  private static final Pattern PLACE =
      Pattern.compile("(?<!:):(?:\"(" + NAME + ")\"|'(" + NAME + ")'|#(" + NAME + ")\\b)");

  private Template() {}

  /** The names of the values a statement wants. */
  static Set<String> names(String statement) {
    Set<String> names = new TreeSet<>();
    Matcher place = PLACE.matcher(statement);
    while (place.find()) {
      names.add(name(place));
    }
    return names;
  }

  /**
   * The statement with its values in it.
   *
   * @throws IllegalArgumentException when a value is missing or cannot be written
   */
  static String fill(String statement, Dialect dialect, Map<String, String> values) {
    Matcher place = PLACE.matcher(statement);
    StringBuilder filled = new StringBuilder();
    while (place.find()) {
      String value = values.get(name(place));
      if (value == null) {
        throw new IllegalArgumentException("the statement wants a value for " + place.group());
      }
      place.appendReplacement(filled, Matcher.quoteReplacement(quoted(place, dialect, value)));
    }
    return place.appendTail(filled).toString();
  }

  private static String name(Matcher place) {
    if (place.group(1) != null) {
      return place.group(1);
    }
    return place.group(2) != null ? place.group(2) : place.group(3);
  }

  private static String quoted(Matcher place, Dialect dialect, String value) {
    if (place.group(1) != null) {
      return dialect.identifier(value);
    }
    if (place.group(2) != null) {
      return dialect.literal(value);
    }
    if (!value.matches("[0-9]{1,9}")) {
      throw new IllegalArgumentException(place.group() + " is a whole number, not: " + value);
    }
    return value;
  }
}

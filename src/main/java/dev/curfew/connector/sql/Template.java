package dev.curfew.connector.sql;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts values into a statement the way psql does: {@code :"name"} becomes a quoted name, {@code
 * :'name'} a quoted text. There is no third, unquoted way. Nothing in the statement needs to know
 * what a value looks like, and a value is never looked at again once it is in.
 */
final class Template {

  private static final Pattern PLACE =
      Pattern.compile("(?<!:):(?:\"([a-z][a-z0-9_]*)\"|'([a-z][a-z0-9_]*)')");

  private Template() {}

  /** The names of the values a statement wants. */
  static Set<String> names(String statement) {
    Set<String> names = new TreeSet<>();
    Matcher place = PLACE.matcher(statement);
    while (place.find()) {
      names.add(place.group(1) == null ? place.group(2) : place.group(1));
    }
    return names;
  }

  static String fill(String statement, Dialect dialect, Map<String, String> values) {
    Matcher place = PLACE.matcher(statement);
    StringBuilder filled = new StringBuilder();
    while (place.find()) {
      boolean isName = place.group(1) != null;
      String name = isName ? place.group(1) : place.group(2);
      String value = values.get(name);
      if (value == null) {
        throw new IllegalArgumentException(
            "the statement wants \"" + name + "\", which is not set");
      }
      BiFunction<Dialect, String, String> quote = isName ? Dialect::identifier : Dialect::literal;
      place.appendReplacement(filled, Matcher.quoteReplacement(quote.apply(dialect, value)));
    }
    return place.appendTail(filled).toString();
  }
}

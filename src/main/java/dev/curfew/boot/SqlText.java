package dev.curfew.boot;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Cuts text into statements as {@code psql} does, for the little of it that our scripts and the
 * prompt need: quotes, comments, dollar quotes, {@code :name}, {@code :'name'}, {@code :"name"},
 * and the endings {@code ;} and {@code \gexec}.
 */
final class SqlText {

  /** How a statement ends. */
  enum Ending {
    /** Run it. */
    SEMICOLON,
    /** Run it, then run each value of its result as a statement. */
    GEXEC
  }

  /** A whole statement. */
  record Statement(String sql, Ending ending) {}

  private final String text;
  private final Map<String, String> variables;
  private final List<Statement> statements = new ArrayList<>();
  private final StringBuilder current = new StringBuilder();
  private boolean hasWords;
  private int at;

  private SqlText(String text, Map<String, String> variables) {
    this.text = text;
    this.variables = variables;
  }

  /**
   * All statements; one after the last semicolon counts too.
   *
   * @param variables what {@code :name} stands for
   * @throws IllegalArgumentException when a variable has no value
   */
  static List<Statement> all(String text, Map<String, String> variables) {
    SqlText cut = new SqlText(text, variables);
    cut.run();
    cut.end(Ending.SEMICOLON);
    return cut.statements;
  }

  /** Whole statements and, as the last text, what is not whole yet. */
  record Typed(List<Statement> statements, String rest) {}

  static Typed typed(String text) {
    SqlText cut = new SqlText(text, Map.of());
    cut.run();
    return new Typed(cut.statements, cut.hasWords ? cut.current.toString() : "");
  }

  private void run() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '\'') {
        take(quoted('\'', escapes()));
      } else if (c == '"') {
        take(quoted('"', false));
      } else if (text.startsWith("--", at)) {
        skipTo(text.indexOf('\n', at));
      } else if (text.startsWith("/*", at)) {
        skipComment();
      } else if (c == '$' && dollarTag() != null) {
        take(dollarQuoted(dollarTag()));
      } else if (text.startsWith("\\gexec", at)) {
        at += "\\gexec".length();
        end(Ending.GEXEC);
      } else if (c == ';') {
        at++;
        end(Ending.SEMICOLON);
      } else if (c == ':' && variable()) {
        hasWords = true;
      } else {
        hasWords |= !Character.isWhitespace(c);
        current.append(c);
        at++;
      }
    }
  }

  private void end(Ending ending) {
    if (hasWords) {
      statements.add(new Statement(current.toString().strip(), ending));
    }
    current.setLength(0);
    hasWords = false;
  }

  private void take(int until) {
    current.append(text, at, until);
    hasWords = true;
    at = until;
  }

  private void skipTo(int until) {
    at = until < 0 ? text.length() : until;
  }

  private void skipComment() {
    int depth = 0;
    do {
      if (text.startsWith("/*", at)) {
        depth++;
        at += 2;
      } else if (text.startsWith("*/", at)) {
        depth--;
        at += 2;
      } else {
        at++;
      }
    } while (depth > 0 && at < text.length());
    current.append(' ');
  }

  /** The end of what is quoted here; the end of the text when it is not closed. */
  private int quoted(char quote, boolean escapes) {
    for (int i = at + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (escapes && c == '\\') {
        i++;
      } else if (c == quote) {
        if (i + 1 < text.length() && text.charAt(i + 1) == quote) {
          i++;
        } else {
          return i + 1;
        }
      }
    }
    return text.length();
  }

  private boolean escapes() {
    return at > 0
        && (text.charAt(at - 1) == 'E' || text.charAt(at - 1) == 'e')
        && (at < 2 || !Character.isLetterOrDigit(text.charAt(at - 2)));
  }

  private String dollarTag() {
    int close = text.indexOf('$', at + 1);
    if (close < 0 || (at > 0 && Character.isLetterOrDigit(text.charAt(at - 1)))) {
      return null;
    }
    String tag = text.substring(at, close + 1);
    return tag.matches("\\$([A-Za-z_][A-Za-z0-9_]*)?\\$") ? tag : null;
  }

  private int dollarQuoted(String tag) {
    int close = text.indexOf(tag, at + tag.length());
    return close < 0 ? text.length() : close + tag.length();
  }

  /** Puts a variable's value in; false when this colon is none of a variable's. */
  private boolean variable() {
    if (text.startsWith("::", at)) {
      current.append("::");
      at += 2;
      return true;
    }
    if (variables.isEmpty()) {
      return false;
    }
    char quote = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
    boolean isQuoted = quote == '\'' || quote == '"';
    int start = at + (isQuoted ? 2 : 1);
    int end = start;
    while (end < text.length()
        && (Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '_')) {
      end++;
    }
    if (end == start || (isQuoted && (end >= text.length() || text.charAt(end) != quote))) {
      return false;
    }
    String value = variables.get(text.substring(start, end));
    if (value == null) {
      throw new IllegalArgumentException(
          "the variable " + text.substring(start, end) + " has no value");
    }
    String q = String.valueOf(quote);
    current.append(isQuoted ? q + value.replace(q, q + q) + q : value);
    at = end + (isQuoted ? 1 : 0);
    return true;
  }
}

package dev.curfew.connector.sql;

import java.nio.charset.StandardCharsets;

/** How a family of databases writes names and texts. */
public enum Dialect {
  POSTGRESQL;

  /** PostgreSQL cuts longer names silently, and two grants could then share one account. */
  private static final int LONGEST_NAME = 63;

  /** A name, quoted always, so that no word is a keyword and no case is folded. */
  String identifier(String name) {
    if (name.isEmpty() || name.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a name is not empty and holds no NUL");
    }
    if (name.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
      throw new IllegalArgumentException(
          "a name has at most " + LONGEST_NAME + " bytes, not: " + name);
    }
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /**
   * A text, quoted so that it means the same whatever {@code standard_conforming_strings} says: the
   * owner of a database can set that against us.
   */
  String literal(String text) {
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a text holds no NUL");
    }
    String quoted = text.replace("'", "''");
    return quoted.indexOf('\\') < 0
        ? "'" + quoted + "'"
        : " E'" + quoted.replace("\\", "\\\\") + "'";
  }
}

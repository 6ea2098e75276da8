package dev.curfew.connector.sql;

import dev.curfew.connector.ConnectorException;
import dev.curfew.connector.Entitlement;
import java.util.Locale;
import java.util.Map;

/**
 * What an entitlement gives, read from its settings.
 *
 * @param group the role whose rights are given
 * @param connections how many sessions at once
 */
record Wanted(String group, String database, Level level, int connections) {

  /** How the rights of the group are given. */
  enum Level {
    /** The rights are inherited; what is created belongs to nobody afterwards. */
    MEMBER,
    /** Acts as the group: what is created belongs to it. */
    OWNER;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final int MOST_CONNECTIONS = 100;
  private static final String USUAL_CONNECTIONS = "5";

  static Wanted of(Entitlement entitlement) {
    Map<String, String> settings = entitlement.settings();
    return new Wanted(
        name(entitlement, settings.get("role"), "role"),
        name(entitlement, settings.get("database"), "database"),
        level(entitlement, settings.getOrDefault("level", Level.MEMBER.word())),
        connections(entitlement, settings.getOrDefault("connections", USUAL_CONNECTIONS)));
  }

  private static String name(Entitlement entitlement, String value, String key) {
    if (value == null || value.isBlank()) {
      throw wrong(entitlement, "lacks \"" + key + "\"");
    }
    try {
      Dialect.POSTGRESQL.identifier(value);
      return value;
    } catch (IllegalArgumentException e) {
      throw wrong(entitlement, key + ": " + e.getMessage());
    }
  }

  private static Level level(Entitlement entitlement, String word) {
    for (Level level : Level.values()) {
      if (level.word().equals(word)) {
        return level;
      }
    }
    throw wrong(entitlement, "level is member or owner, not: " + word);
  }

  private static int connections(Entitlement entitlement, String text) {
    if (text.matches("[0-9]{1,3}")) {
      int number = Integer.parseInt(text);
      if (number >= 1 && number <= MOST_CONNECTIONS) {
        return number;
      }
    }
    throw wrong(entitlement, "connections is a number from 1 to " + MOST_CONNECTIONS);
  }

  private static ConnectorException wrong(Entitlement entitlement, String what) {
    return new ConnectorException(entitlement.id() + ": " + what, false);
  }
}

package dev.curfew.boot;

import java.util.ArrayList;
import java.util.List;

/** One line as libpq's password file has it: {@code host:port:database:user:password}. */
record PgpassLine(String host, int port, String database, String user, String password) {

  private static final int FIELDS = 5;

  /**
   * @throws IllegalArgumentException when the text is no such line; the message does not repeat it
   */
  static PgpassLine parse(String text) {
    List<String> fields = fields(text.strip());
    if (fields.size() != FIELDS || fields.stream().anyMatch(String::isBlank)) {
      throw new IllegalArgumentException("a pgpass line is host:port:database:user:password");
    }
    try {
      int port = Integer.parseInt(fields.get(1));
      return new PgpassLine(fields.get(0), port, fields.get(2), fields.get(3), fields.get(4));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("the port in the pgpass line is no number");
    }
  }

  /** A backslash takes the next character as it is. */
  private static List<String> fields(String text) {
    List<String> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 1 < text.length()) {
        i++;
        field.append(text.charAt(i));
      } else if (c == ':') {
        fields.add(field.toString());
        field.setLength(0);
      } else {
        field.append(c);
      }
    }
    fields.add(field.toString());
    return fields;
  }

  String url() {
    String name = host.contains(":") ? "[" + host + "]" : host;
    return "jdbc:postgresql://" + name + ":" + port + "/";
  }

  @Override
  public String toString() {
    return user + "@" + host + ":" + port + "/" + database;
  }
}

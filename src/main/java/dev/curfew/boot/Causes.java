package dev.curfew.boot;

import java.sql.SQLException;

/** Why something failed, for a person. */
final class Causes {

  private Causes() {}

  /** The message of the deepest cause that has one. */
  static String of(Throwable failure) {
    String message = failure.toString();
    for (Throwable each = failure; each != null; each = each.getCause()) {
      message = each.getMessage() == null ? message : each.getMessage();
    }
    return message;
  }

  /** A store that does not answer needs no stack trace; what nobody foresaw does. */
  static void print(Throwable failure) {
    System.err.println("curfew did not start: " + of(failure));
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (each instanceof SQLException) {
        return;
      }
    }
    failure.printStackTrace();
  }
}

package dev.curfew.web.api;

import dev.curfew.CurfewException;

/** How much of a list one call asks for. */
final class Limit {

  private static final int MOST = 200;

  private Limit() {}

  /**
   * @throws CurfewException INVALID when it is outside 1 to 200
   */
  static int checked(int limit) {
    if (limit < 1 || limit > MOST) {
      throw CurfewException.invalid("limit", "give a limit of 1 to " + MOST);
    }
    return limit;
  }
}

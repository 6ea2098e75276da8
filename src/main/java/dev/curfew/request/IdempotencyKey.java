package dev.curfew.request;

import dev.curfew.CurfewException;

/** A caller's own name for one call, so that a repeated call is known as the same. */
final class IdempotencyKey {

  private static final int LONGEST = 200;

  private IdempotencyKey() {}

  /**
   * @return the key, or null without one
   * @throws CurfewException INVALID
   */
  static String checked(String key) {
    if (key == null || key.isBlank()) {
      return null;
    }
    String plain = key.strip();
    if (plain.length() > LONGEST || !plain.chars().allMatch(c -> c > ' ' && c < 127)) {
      throw CurfewException.invalid(
          "Idempotency-Key", "take 1 to 200 printable ASCII characters without spaces");
    }
    return plain;
  }
}

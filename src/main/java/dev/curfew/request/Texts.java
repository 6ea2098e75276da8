package dev.curfew.request;

import dev.curfew.CurfewException;
import dev.curfew.identity.Legible;
import java.text.Normalizer;
import java.util.Map;

/** The rules for text that people type: NFC, no U+0000, a limit in code points, legible. */
final class Texts {

  private Texts() {}

  static String tidy(String text) {
    return text == null
        ? ""
        : Normalizer.normalize(text.replace("\r\n", "\n"), Normalizer.Form.NFC).strip();
  }

  /**
   * @throws CurfewException INVALID with the field and the mend
   */
  static void check(String field, String text, int limit) {
    if (text.indexOf('\0') >= 0) {
      throw CurfewException.invalid(field, "take out the character U+0000");
    }
    if (!isWellFormed(text)) {
      throw CurfewException.invalid(field, "half of a character is missing (a lone surrogate)");
    }
    int length = text.codePointCount(0, text.length());
    if (length > limit) {
      throw CurfewException.invalid(
          field, "has %,d characters; at most %,d are kept".formatted(length, limit));
    }
    requireLegible(field, text);
  }

  private static void requireLegible(String field, String text) {
    if (Legible.misleads(text)) {
      throw CurfewException.invalid(
          field,
          "take out the characters that are not seen and change what is: control characters, those"
              + " that turn text around (U+202A to U+202E, U+2066 to U+2069) and tags");
    }
    if (!text.isEmpty() && Legible.isBlank(text)) {
      throw CurfewException.invalid(field, "has nothing to read in it; say it in words");
    }
  }

  static void putUnlessBlank(Map<String, String> fields, String name, String value) {
    if (value != null && !value.isBlank()) {
      fields.put(name, value);
    }
  }

  /** A lone surrogate cannot be written as UTF-8: the store would keep something else. */
  private static boolean isWellFormed(String text) {
    return text.codePoints().noneMatch(c -> c >= 0xD800 && c <= 0xDFFF);
  }
}

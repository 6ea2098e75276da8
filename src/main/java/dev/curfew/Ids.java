package dev.curfew;

import java.security.SecureRandom;
import java.util.regex.Pattern;

/**
 * Identifiers: 120 random bits as 24 lower-case characters of Crockford's base32 alphabet, kept as
 * text. They carry no order and no meaning; lists are ordered by {@code (created_at, id)}.
 *
 * @see <a href="https://www.crockford.com/base32.html">Base 32, Douglas Crockford</a>
 */
public final class Ids {

  public static final int LENGTH = 24;

  private static final char[] ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz".toCharArray();
  private static final Pattern SHAPE = Pattern.compile("[0-9a-hjkmnp-tv-z]{" + LENGTH + "}");
  private static final SecureRandom RANDOM = new SecureRandom();

  private Ids() {}

  /** A fresh identifier. */
  public static String next() {
    byte[] bits = new byte[LENGTH];
    RANDOM.nextBytes(bits);
    char[] text = new char[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      text[i] = ALPHABET[bits[i] & 31];
    }
    return new String(text);
  }

  /** Whether the text could be one of ours; says nothing about whether such a thing exists. */
  public static boolean isId(String text) {
    return text != null && SHAPE.matcher(text).matches();
  }
}

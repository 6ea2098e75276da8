package dev.curfew.account;

import dev.curfew.CurfewException;
import io.quarkus.elytron.security.common.BcryptUtil;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;

/**
 * A password on its way in: 12 to 72 bytes, what bcrypt takes whole. Kept only as its hash.
 *
 * <p>{@link #matches} does the same work for an account that does not exist as for one that does.
 */
final class Password {

  private static final int FEWEST = 12;
  private static final int MOST = 72;
  private static final int COST = 11;
  private static final String NOBODYS = BcryptUtil.bcryptHash("no account has this one", COST);

  private final String text;

  private Password(String text) {
    this.text = text;
  }

  /** A password as typed at sign-in: nothing is said about its shape. */
  static Password typed(String text) {
    String normal = Normalizer.normalize(text == null ? "" : text, Normalizer.Form.NFC);
    return new Password(normal.length() > MOST ? normal.substring(0, MOST + 1) : normal);
  }

  /** A password somebody chose. */
  static Password chosen(String text) {
    Password password = typed(text);
    int bytes = password.text.getBytes(StandardCharsets.UTF_8).length;
    if (bytes < FEWEST || bytes > MOST) {
      throw CurfewException.invalid(
          "password",
          "choose a password of " + FEWEST + " to " + MOST + " bytes; a short sentence is good");
    }
    if (password.text.chars().distinct().count() < 5) {
      throw CurfewException.invalid("password", "choose a password of more different characters");
    }
    return password;
  }

  String hash() {
    return BcryptUtil.bcryptHash(text, COST);
  }

  /**
   * @param hash null when there is no such account
   */
  boolean matches(String hash) {
    boolean same = BcryptUtil.matches(text, hash == null ? NOBODYS : hash);
    return same && hash != null && text.getBytes(StandardCharsets.UTF_8).length <= MOST;
  }

  @Override
  public String toString() {
    return "Password[redacted]";
  }
}

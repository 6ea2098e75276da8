package dev.curfew.mfa;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/** Random secrets, their hashes, and comparing without telling by the time it takes. */
public final class Hashes {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private Hashes() {}

  /** 256 random bits, base64url. */
  public static String secret() {
    byte[] bits = new byte[32];
    RANDOM.nextBytes(bits);
    return BASE64.encodeToString(bits);
  }

  /**
   * SHA-256 of the text's UTF-8 bytes, base64url: enough for secrets of 80 random bits and more.
   */
  public static String sha256(String text) {
    return BASE64.encodeToString(sha256(text.getBytes(StandardCharsets.UTF_8)));
  }

  public static boolean same(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] sha256(byte[]... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (byte[] part : parts) {
        digest.update(part);
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}

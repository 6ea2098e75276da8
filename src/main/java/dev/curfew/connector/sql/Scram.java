package dev.curfew.connector.sql;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Passwords and their SCRAM-SHA-256 verifiers. A server that is given the verifier never sees the
 * password, so neither do its log, its statistics or its other users.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5802">RFC 5802</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7677">RFC 7677</a>
 */
public final class Scram {

  /** What the JDBC driver's client takes at least, and PostgreSQL's own default. */
  private static final int ITERATIONS = 4_096;

  private static final int SALT_BYTES = 16;
  private static final int KEY_BITS = 256;

  /** 26 characters of 5 bits are 130 bits. All are ASCII, so SASLprep changes nothing. */
  private static final int PASSWORD_LENGTH = 26;

  private static final char[] ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz".toCharArray();
  private static final SecureRandom RANDOM = new SecureRandom();

  private Scram() {}

  /** A new random password of 130 bits. */
  public static char[] password() {
    byte[] bits = new byte[PASSWORD_LENGTH];
    RANDOM.nextBytes(bits);
    char[] password = new char[PASSWORD_LENGTH];
    for (int i = 0; i < PASSWORD_LENGTH; i++) {
      password[i] = ALPHABET[bits[i] & 31];
    }
    Arrays.fill(bits, (byte) 0);
    return password;
  }

  /** The verifier with a random salt, in the form PostgreSQL stores. The password must be ASCII. */
  public static String verifier(char[] password) {
    byte[] salt = new byte[SALT_BYTES];
    RANDOM.nextBytes(salt);
    return verifier(password, salt, ITERATIONS);
  }

  static String verifier(char[] password, byte[] salt, int iterations) {
    try {
      byte[] salted = salted(password, salt, iterations);
      byte[] storedKey = MessageDigest.getInstance("SHA-256").digest(hmac(salted, "Client Key"));
      byte[] serverKey = hmac(salted, "Server Key");
      Arrays.fill(salted, (byte) 0);
      Base64.Encoder base64 = Base64.getEncoder();
      return "SCRAM-SHA-256$"
          + iterations
          + ":"
          + base64.encodeToString(salt)
          + "$"
          + base64.encodeToString(storedKey)
          + ":"
          + base64.encodeToString(serverKey);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has PBKDF2 and HMAC with SHA-256", e);
    }
  }

  private static byte[] salted(char[] password, byte[] salt, int iterations)
      throws GeneralSecurityException {
    PBEKeySpec spec = new PBEKeySpec(password, salt, iterations, KEY_BITS);
    try {
      return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
    } finally {
      spec.clearPassword();
    }
  }

  private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
  }
}

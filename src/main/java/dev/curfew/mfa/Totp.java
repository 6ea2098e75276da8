package dev.curfew.mfa;

import com.eatthepath.otp.TimeBasedOneTimePasswordGenerator;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.OptionalLong;
import javax.crypto.spec.SecretKeySpec;

/**
 * Time-based codes: SHA-1, six digits, 30 seconds, what every authenticator app speaks.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6238">RFC 6238</a>
 */
final class Totp {

  private static final TimeBasedOneTimePasswordGenerator GENERATOR =
      new TimeBasedOneTimePasswordGenerator();
  private static final long STEP_SECONDS = GENERATOR.getTimeStep().toSeconds();
  private static final SecureRandom RANDOM = new SecureRandom();

  private Totp() {}

  /** A new seed of 160 bits, base32. */
  static String newSecret() {
    byte[] bits = new byte[20];
    RANDOM.nextBytes(bits);
    return Base32.encode(bits);
  }

  /** What an authenticator app reads from the QR code. */
  static String uri(String secret, String user) {
    String label = URLEncoder.encode("Curfew:" + user, StandardCharsets.UTF_8).replace("+", "%20");
    return "otpauth://totp/" + label + "?secret=" + secret + "&issuer=Curfew";
  }

  /** The time step the code belongs to, one step of drift either way; the newest first. */
  static OptionalLong stepOf(String secret, String code, Instant now) {
    String digits = code.replace(" ", "");
    long current = now.getEpochSecond() / STEP_SECONDS;
    OptionalLong found = OptionalLong.empty();
    for (long step = current + 1; step >= current - 1; step--) {
      if (Hashes.same(at(secret, step), digits) && found.isEmpty()) {
        found = OptionalLong.of(step);
      }
    }
    return found;
  }

  static String codeAt(String secret, Instant now) {
    return at(secret, now.getEpochSecond() / STEP_SECONDS);
  }

  static Duration untilNextStep(Instant now) {
    return Duration.ofSeconds(STEP_SECONDS - now.getEpochSecond() % STEP_SECONDS);
  }

  private static String at(String secret, long step) {
    try {
      return GENERATOR.generateOneTimePasswordString(
          new SecretKeySpec(Base32.decode(secret), "RAW"),
          Instant.ofEpochSecond(step * STEP_SECONDS),
          Locale.ROOT);
    } catch (InvalidKeyException e) {
      throw new IllegalStateException("a seed of codes is no key", e);
    }
  }
}

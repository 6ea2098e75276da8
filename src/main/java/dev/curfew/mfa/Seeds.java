package dev.curfew.mfa;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Seals the seeds of authenticator apps, so that the store alone, or a copy of it, makes no code:
 * AES-256-GCM under a key that is never in the store, a fresh nonce each time, and the person's id
 * bound in, so that a seed put into another person's row does not open.
 */
@ApplicationScoped
public class Seeds {

  private static final String VERSION = "v1.";
  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final String HMAC = "HmacSHA256";
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Optional<Path> file;
  private final Path made;
  private volatile SecretKeySpec key;

  Seeds(
      MfaConfig config,
      @ConfigProperty(name = "curfew.data.dir", defaultValue = "data") String dataDir) {
    this.file = config.seedKeyFile();
    this.made = Path.of(dataDir).toAbsolutePath().resolve("seed-key");
  }

  /** What keeps this installation from opening its seeds; empty when nothing does. */
  @Transactional
  public Optional<String> problem() {
    if (file.isEmpty()) {
      return Optional.of("curfew.mfa.seed-key-file is not set" + SeedKeyFile.MEND);
    }
    try {
      SeedKeyFile.read(file.get());
    } catch (IllegalArgumentException e) {
      return Optional.of("curfew.mfa.seed-key-file: " + e.getMessage());
    }
    Optional<StoredTotp> one = StoredTotp.findAll().firstResultOptional();
    try {
      one.ifPresent(totp -> open(totp.person, totp.sealedSeed));
      return Optional.empty();
    } catch (IllegalStateException e) {
      return Optional.of(
          "curfew.mfa.seed-key-file holds another key than the seeds in the store were sealed with;"
              + " bring back the one before");
    }
  }

  String seal(String person, String seed) {
    byte[] nonce = new byte[NONCE_BYTES];
    RANDOM.nextBytes(nonce);
    byte[] sealed =
        run(Cipher.ENCRYPT_MODE, nonce, person, seed.getBytes(StandardCharsets.US_ASCII));
    byte[] whole = Arrays.copyOf(nonce, nonce.length + sealed.length);
    System.arraycopy(sealed, 0, whole, nonce.length, sealed.length);
    return VERSION + Base64.getUrlEncoder().withoutPadding().encodeToString(whole);
  }

  /**
   * @throws IllegalStateException when it was sealed by another key or for another person
   */
  String open(String person, String sealed) {
    if (!sealed.startsWith(VERSION)) {
      throw new IllegalStateException("a seed of codes is not sealed as it should be");
    }
    byte[] whole = Base64.getUrlDecoder().decode(sealed.substring(VERSION.length()));
    byte[] nonce = Arrays.copyOf(whole, NONCE_BYTES);
    byte[] text = Arrays.copyOfRange(whole, NONCE_BYTES, whole.length);
    return new String(run(Cipher.DECRYPT_MODE, nonce, person, text), StandardCharsets.US_ASCII);
  }

  /**
   * A name for the text that tells nothing of it to who lacks the key, and differs from use to use:
   * HMAC-SHA-256, base64url.
   */
  public String hidden(String use, String text) {
    byte[] derived = hmac(key(), "curfew " + use);
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(hmac(new SecretKeySpec(derived, HMAC), text));
  }

  private static byte[] hmac(SecretKeySpec key, String text) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(key);
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HMAC-SHA-256", e);
    }
  }

  private byte[] run(int mode, byte[] nonce, String person, byte[] text) {
    try {
      Cipher cipher = Cipher.getInstance(CIPHER);
      cipher.init(mode, key(), new GCMParameterSpec(TAG_BITS, nonce));
      cipher.updateAAD(person.getBytes(StandardCharsets.UTF_8));
      return cipher.doFinal(text);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(
          "a seed of codes does not open; is curfew.mfa.seed-key-file the one it was sealed with?",
          e);
    }
  }

  /** Read at the first use; where no file is named, one is made in the data folder. */
  private SecretKeySpec key() {
    if (key == null) {
      key = new SecretKeySpec(SeedKeyFile.read(file.orElseGet(this::own)), "AES");
    }
    return key;
  }

  private synchronized Path own() {
    SeedKeyFile.make(made);
    return made;
  }
}

package dev.curfew.account;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.ECPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;

/** The EC P-256 key pair that signs the API's short-lived tokens. */
public final class SigningKey {

  /** An uncompressed point of P-256: 4, x, y. */
  private static final int POINT_BYTES = 65;

  /** What stands before the point in a SubjectPublicKeyInfo of that curve. */
  private static final byte[] P256_PUBLIC =
      HexFormat.of().parseHex("3059301306072a8648ce3d020106082a8648ce3d030107034200");

  /** How to make one. */
  public static final String MEND =
      "; make one by: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out"
          + " curfew.key";

  private SigningKey() {}

  /** What is wrong with the file, and the mend; empty when it can sign. */
  public static Optional<String> problem(Path file) {
    try {
      read(file);
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(e.getMessage());
    }
  }

  /** A key of this process alone. */
  static EllipticCurveJsonWebKey fresh() {
    try {
      return named(EcJwkGenerator.generateJwk(EllipticCurves.P256));
    } catch (JoseException e) {
      throw new IllegalStateException("every Java has P-256", e);
    }
  }

  /**
   * Reads a PEM file with a PRIVATE KEY. Its public half is taken from a PUBLIC KEY beside it, or
   * from the private key itself, where openssl leaves it as the last 65 bytes.
   *
   * @throws IllegalArgumentException with what is wrong and the mend
   */
  static EllipticCurveJsonWebKey read(Path file) {
    try {
      String pem = Files.readString(file);
      KeyFactory keys = KeyFactory.getInstance("EC");
      EllipticCurveJsonWebKey key =
          new EllipticCurveJsonWebKey(
              (ECPublicKey) keys.generatePublic(new X509EncodedKeySpec(publicBlock(pem, file))));
      key.setPrivateKey(
          keys.generatePrivate(new PKCS8EncodedKeySpec(block(pem, "PRIVATE KEY", file))));
      requirePair(key);
      return named(key);
    } catch (IOException e) {
      throw new IllegalArgumentException(file + " cannot be read" + MEND, e);
    } catch (GeneralSecurityException | JoseException e) {
      throw new IllegalArgumentException(file + " holds no key pair of EC P-256" + MEND, e);
    }
  }

  private static EllipticCurveJsonWebKey named(EllipticCurveJsonWebKey key) {
    key.setKeyId(key.calculateBase64urlEncodedThumbprint("SHA-256"));
    key.setAlgorithm(AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256);
    key.setUse(org.jose4j.jwk.Use.SIGNATURE);
    return key;
  }

  private static void requirePair(EllipticCurveJsonWebKey key) throws JoseException {
    JsonWebSignature trial = new JsonWebSignature();
    trial.setAlgorithmHeaderValue(AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256);
    trial.setPayload("trial");
    trial.setKey(key.getPrivateKey());
    String signed = trial.getCompactSerialization();
    JsonWebSignature check = new JsonWebSignature();
    check.setCompactSerialization(signed);
    check.setKey(key.getPublicKey());
    if (!check.verifySignature()) {
      throw new JoseException("the two keys are no pair");
    }
  }

  private static byte[] publicBlock(String pem, Path file) {
    if (pem.contains("-----BEGIN PUBLIC KEY-----")) {
      return block(pem, "PUBLIC KEY", file);
    }
    byte[] whole = block(pem, "PRIVATE KEY", file);
    byte[] point = Arrays.copyOfRange(whole, Math.max(0, whole.length - POINT_BYTES), whole.length);
    byte[] encoded = Arrays.copyOf(P256_PUBLIC, P256_PUBLIC.length + point.length);
    System.arraycopy(point, 0, encoded, P256_PUBLIC.length, point.length);
    return encoded;
  }

  private static byte[] block(String pem, String name, Path file) {
    Matcher found =
        Pattern.compile("-----BEGIN " + name + "-----([^-]+)-----END " + name + "-----")
            .matcher(pem);
    if (!found.find()) {
      throw new IllegalArgumentException(file + " lacks a " + name + MEND);
    }
    return Base64.getMimeDecoder().decode(found.group(1));
  }

  /** The public half, as JSON. */
  static String publicJson(EllipticCurveJsonWebKey key) {
    return key.toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY);
  }
}

package dev.curfew.testing;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** Keys as files have them. */
public final class Pem {

  private Pem() {}

  public static KeyPair pair(String algorithm, int bits) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      generator.initialize(bits);
      return generator.generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalArgumentException(e);
    }
  }

  public static String privateHalf(KeyPair pair) {
    return text("PRIVATE KEY", pair.getPrivate().getEncoded());
  }

  public static String both(KeyPair pair) {
    return privateHalf(pair) + text("PUBLIC KEY", pair.getPublic().getEncoded());
  }

  public static String text(String what, byte[] der) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(what, Base64.getMimeEncoder().encodeToString(der), what);
  }
}

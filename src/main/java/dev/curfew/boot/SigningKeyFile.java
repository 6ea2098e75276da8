package dev.curfew.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;

/** Whether a file holds a key that can sign. */
final class SigningKeyFile {

  private static final int P256_BITS = 256;

  private SigningKeyFile() {}

  static Optional<String> problem(Path file) {
    try {
      String pem = Files.readString(file);
      String body = pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
      ECPrivateKey key =
          (ECPrivateKey)
              KeyFactory.getInstance("EC")
                  .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(body)));
      return key.getParams().getOrder().bitLength() == P256_BITS
          ? Optional.empty()
          : Optional.of("holds a key of another curve than P-256");
    } catch (IOException e) {
      return Optional.of("cannot be read");
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return Optional.of("holds no EC private key in PKCS#8");
    }
  }
}

package dev.curfew.connector.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class ScramTest {

  /** The exchange of RFC 7677, section 3: its server signature must come from our server key. */
  @Test
  void theVerifierIsThatOfTheRfc() throws Exception {
    String salt = "W22ZaJ0SNY7soEsUEjb6gQ==";
    String verifier =
        Scram.verifier("pencil".toCharArray(), Base64.getDecoder().decode(salt), 4_096);
    assertTrue(verifier.startsWith("SCRAM-SHA-256$4096:" + salt + "$"));
    String messages =
        "n=user,r=rOprNGfwEbeRWgbNEkqO,"
            + "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s="
            + salt
            + ",i=4096,"
            + "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    byte[] serverKey =
        Base64.getDecoder().decode(verifier.substring(verifier.lastIndexOf(':') + 1));
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(serverKey, "HmacSHA256"));
    byte[] signature = mac.doFinal(messages.getBytes(StandardCharsets.US_ASCII));
    assertEquals(
        "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
        Base64.getEncoder().encodeToString(signature));
  }

  @Test
  void passwordsAreLongRandomAndPlainAscii() {
    String one = new String(Scram.password());
    assertTrue(one.matches("[0-9a-z]{26}"));
    assertNotEquals(one, new String(Scram.password()));
  }

  @Test
  void twoVerifiersOfOnePasswordDiffer() {
    char[] password = Scram.password();
    assertNotEquals(Scram.verifier(password), Scram.verifier(password));
    assertFalse(Scram.verifier(password).contains(new String(password)));
  }
}

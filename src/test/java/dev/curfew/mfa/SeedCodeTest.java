package dev.curfew.mfa;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.curfew.CurfewException;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SeedCodeTest {

  private static final String SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

  /** The values of RFC 6238, appendix B, last six digits. */
  @Test
  void isWhatTheStandardSays() {
    assertEquals("287082", SeedCode.at(SEED, Instant.ofEpochSecond(59)));
    assertEquals("081804", SeedCode.at(SEED, Instant.ofEpochSecond(1_111_111_109)));
  }

  @Test
  void aUriAndASeedWithSpacesAreReadAlike() {
    Instant now = Instant.ofEpochSecond(59);
    assertEquals("287082", SeedCode.at("otpauth://totp/x?secret=" + SEED + "&issuer=Curfew", now));
    assertEquals("287082", SeedCode.at(" gezd gnbv gy3t qojq GEZDGNBVGY3TQOJQ ", now));
  }

  @Test
  void whatIsNoSeedIsRefused() {
    for (String wrong : new String[] {"", "1890", "otpauth://totp/x?issuer=Curfew"}) {
      assertThrows(CurfewException.class, () -> SeedCode.at(wrong, Instant.EPOCH), wrong);
    }
  }
}

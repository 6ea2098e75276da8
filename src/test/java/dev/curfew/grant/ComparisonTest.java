package dev.curfew.grant;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.curfew.connector.Witness;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ComparisonTest {

  private static final String HERE = "here";

  private static Comparison of(String installation, long generation, long n, boolean known) {
    String entry = n == 0 ? "" : "entry";
    return Comparison.of(
        Optional.of(new Witness(installation, generation, n, entry)), HERE, 3, known);
  }

  @Test
  void aStoreThatHasWhatTheTargetRemembersIsTheSame() {
    assertEquals(Comparison.SAME, of(HERE, 3, 7, true));
    assertEquals(Comparison.SAME, of(HERE, 3, 0, false), "nothing was to be remembered");
  }

  @Test
  void aStoreThatLacksWhatTheTargetRemembersWentBack() {
    assertEquals(Comparison.BACK, of(HERE, 3, 7, false));
  }

  @Test
  void whatATargetRemembersFromBeforeAQuarantineCountsNoMore() {
    assertEquals(Comparison.LOWER, of(HERE, 2, 7, false));
    assertEquals(Comparison.LOWER, of(HERE, 2, 7, true));
  }

  @Test
  void aStoreThatLacksTheEndOfAQuarantineWentBack() {
    assertEquals(Comparison.HIGHER, of(HERE, 4, 7, true));
  }

  @Test
  void anotherInstallationIsForeignWhateverElseItSays() {
    assertEquals(Comparison.FOREIGN, of("elsewhere", 3, 7, true));
    assertEquals(Comparison.FOREIGN, of("elsewhere", 9, 7, false));
  }

  @Test
  void aTargetThatRemembersNothingSaysNothing() {
    assertEquals(Comparison.MISSING, Comparison.of(Optional.empty(), HERE, 3, false));
  }
}

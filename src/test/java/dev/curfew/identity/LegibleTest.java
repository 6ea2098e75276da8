package dev.curfew.identity;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LegibleTest {

  @Test
  void whatShowsNothingIsBlank() {
    for (String nothing :
        new String[] {"", " \n", "\u200B", "\u200D\uFEFF", "\u3164", "\u2800", "\u00AD \uFE0F"}) {
      assertTrue(Legible.isBlank(nothing));
    }
  }

  @Test
  void whatShowsSomethingIsNot() {
    for (String something :
        new String[] {"x", "\uD83D\uDE80", "ä", "\u05D0\u200F", "!", "\u200B7", "事"}) {
      assertFalse(Legible.isBlank(something), something);
    }
  }

  @Test
  void charactersThatTurnTheTextAroundThemAreFound() {
    for (String turning :
        new String[] {"a\u202Eb", "\u202A", "\u2066x\u2069", "a\u001B[31m", "a\uDB40\uDC41b"}) {
      assertTrue(Legible.misleads(turning));
    }
    assertFalse(Legible.misleads("two\nlines\tand a tab"));
    assertFalse(Legible.misleads("שלום \u200F and hello"));
  }
}

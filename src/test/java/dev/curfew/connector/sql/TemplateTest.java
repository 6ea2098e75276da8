package dev.curfew.connector.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TemplateTest {

  @Test
  void namesAndTextsAreQuotedByTheirPlace() {
    assertEquals(
        "ALTER ROLE \"we\"\"ird\" VALID UNTIL 'it''s'::text LIMIT 5",
        fill(
            "ALTER ROLE :\"role\" VALID UNTIL :'until'::text LIMIT :#connections",
            Map.of("role", "we\"ird", "until", "it's", "connections", "5")));
  }

  @Test
  void aBackslashMeansItselfWhateverTheServerThinks() {
    assertEquals("SELECT  E'a\\\\''b'", fill("SELECT :'x'", Map.of("x", "a\\'b")));
  }

  @Test
  void aValueIsNeverLookedAtAgain() {
    assertEquals(
        "SELECT  E':\"role\" $1 \\\\x', 'b'",
        fill("SELECT :'x', :'role'", Map.of("x", ":\"role\" $1 \\x", "role", "b")));
  }

  @Test
  void castsAreNoPlaces() {
    assertEquals(Set.of(), Template.names("SELECT a::\"char\", b::text, c[1:2]"));
    assertEquals(Set.of("x", "y", "z"), Template.names("SELECT :'x'::text, :\"y\", :#z"));
  }

  @Test
  void whatCannotBeWrittenIsRefused() {
    assertRefused(":\"x\"", "x".repeat(64));
    assertRefused(":\"x\"", "ü".repeat(32));
    assertRefused(":\"x\"", "");
    assertRefused(":\"x\"", "a\0b");
    assertRefused(":'x'", "a\0b");
    assertRefused(":#x", "1; DROP TABLE y");
    assertRefused(":#x", "-1");
    assertThrows(IllegalArgumentException.class, () -> fill(":'missing'", Map.of()));
  }

  /** A quoted text read back by the rules of SQL is the value, whatever the value was. */
  @Test
  void anyTextSurvivesQuoting() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    String alphabet = "ab'\"\\:;-$ü\n";
    for (int i = 0; i < 2_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(12); n > 0; n--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      String literal = Dialect.POSTGRESQL.literal(text.toString()).strip();
      boolean escaped = literal.startsWith("E");
      String inner = literal.substring(escaped ? 2 : 1, literal.length() - 1);
      String back = inner.replace("''", "'");
      assertEquals(text.toString(), escaped ? back.replace("\\\\", "\\") : back, "seed " + seed);
      assertEquals(0, inner.replace("''", "").chars().filter(c -> c == '\'').count());
    }
  }

  private static void assertRefused(String template, String value) {
    assertThrows(IllegalArgumentException.class, () -> fill(template, Map.of("x", value)));
  }

  private static String fill(String template, Map<String, String> values) {
    return Template.fill(template, Dialect.POSTGRESQL, values);
  }
}

package dev.curfew.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KindTest {

  private static final Set<String> OF_EVERY_ENTRY =
      Set.of("actor", "subject", "target", "entitlement");

  @Test
  void aSentenceNamesOnlyWhatItsKindMayHold() {
    for (Kind kind : Kind.values()) {
      Set<String> asked = new HashSet<>();
      kind.sentence()
          .fill(
              field -> {
                asked.add(field);
                return "x";
              });
      asked.removeAll(OF_EVERY_ENTRY);
      asked.removeIf(kind::allows);
      assertEquals(Set.of(), asked, kind.code());
    }
  }

  @Test
  void noKindHasAFieldForASecret() {
    for (Kind kind : Kind.values()) {
      for (String secret : List.of("password", "secret", "code_typed", "assertion", "seed")) {
        assertEquals(false, kind.allows(secret), kind.code());
      }
    }
  }

  @Test
  void aKindIsFoundByItsCode() {
    assertEquals(Optional.of(Kind.GRANT_ENDED), Kind.byCode("grant-ended"));
    assertEquals(Optional.empty(), Kind.byCode("GRANT_ENDED"));
  }

  @Test
  void optionalPartsOfASentenceFallAway() {
    Sentence sentence = new Sentence("{actor} asked[ for {window}][; {note}]");
    assertEquals("Ada asked", sentence.fill(Map.of("actor", "Ada")::get));
    assertEquals(
        "Ada asked for 30 min", sentence.fill(Map.of("actor", "Ada", "window", "30 min")::get));
    assertEquals("… asked; why", sentence.fill(Map.of("note", "why")::get));
  }

  @Test
  void whatAValueHoldsIsNotAPattern() {
    Sentence sentence = new Sentence("{actor} asked[: {note}]");
    assertEquals(
        "{note} asked: [x]{actor}$1",
        sentence.fill(Map.of("actor", "{note}", "note", "[x]{actor}$1")::get));
  }

  @Test
  void valuesReadAsPeopleReadThem() {
    JsonNodeFactory json = JsonNodeFactory.instance;
    assertEquals("1 h 30 min", Words.of("window_seconds", json.numberNode(5_400)));
    assertEquals("12 ms", Words.of("late_millis", json.numberNode(12)));
    assertEquals(
        "2026-11-22 10:42:07 UTC", Words.of("due_at", json.textNode("2026-11-22T10:42:07.123Z")));
    assertEquals("given back", Words.of("reason", json.textNode("GIVEN_BACK")));
    assertEquals("OPS-7", Words.of("ticket", json.textNode("OPS-7")));
    assertTrue(Words.of("groups", json.arrayNode().add("a").add("b")).equals("a, b"));
  }
}

package dev.curfew.web.page;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class WordingTest {

  @Test
  void durationsReadAsPeopleSayThem() {
    assertEquals("15 s", Wording.words(Duration.ofSeconds(15)));
    assertEquals("45 min", Wording.words(Duration.ofMinutes(45)));
    assertEquals("2 h", Wording.words(Duration.ofHours(2)));
    assertEquals("1 h 30 min", Wording.words(Duration.ofMinutes(90)));
    assertEquals("24 h", Wording.words(Duration.ofDays(1)));
    assertEquals("3 days", Wording.words(Duration.ofDays(3)));
  }

  @Test
  void messagesBecomeSentencesAndNamesKeepTheirCase() {
    assertEquals("Give the window in minutes.", Wording.sentence("give the window in minutes"));
    assertEquals("orders-db did not answer.", Wording.sentence("orders-db did not answer"));
    assertEquals("", Wording.sentence(""));
    assertEquals("Connection refused", Wording.clause("Connection refused."));
  }

  @Test
  void aLongReasonIsCutBetweenCharacters() {
    String reason = "🚀".repeat(200);
    assertEquals("🚀".repeat(119) + "…", Wording.shortened(reason));
    assertEquals("one line", Wording.shortened(" one\n  line "));
  }

  @Test
  void theLongestWindowIsAlwaysAmongTheChoices() {
    assertEquals(
        List.of("15 min", "30 min", "45 min"),
        WindowChoice.upTo(Duration.ofMinutes(45)).stream().map(WindowChoice::label).toList());
    assertEquals(10, WindowChoice.first(Duration.ofMinutes(10)));
    assertEquals(30, WindowChoice.first(Duration.ofHours(8)));
  }

  @Test
  void aBrowserIsCalledAsItsOwnerCallsIt() {
    assertEquals(
        "Firefox on Linux",
        Wording.browser("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"));
    assertEquals(
        "Edge on Windows",
        Wording.browser(
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
                + " Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"));
    assertEquals("curl/8.5.0", Wording.browser("curl/8.5.0"));
  }
}

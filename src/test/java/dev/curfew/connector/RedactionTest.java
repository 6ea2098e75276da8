package dev.curfew.connector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RedactionTest {

  @Test
  void nothingThatLooksLikeASecretIsLeft() {
    for (String message :
        new String[] {
          "ALTER ROLE x PASSWORD 'hunter2hunter2'",
          "password=hunter2hunter2&ssl=true",
          "jdbc:postgresql://me:hunter2hunter2@host/db",
          "SCRAM-SHA-256$4096:hunter2hunter2$a:b",
          "token: hunter2hunter2"
        }) {
      assertFalse(Redaction.of(message).contains("hunter2"), message);
    }
  }

  @Test
  void ordinaryWordsStay() {
    String message = "password authentication failed for user \"cf_broker\"";
    assertEquals(message, Redaction.of(message));
  }

  @Test
  void aMessageIsOneShortLine() {
    assertEquals("two lines", Redaction.of("two\r\n\u001blines"));
    assertTrue(Redaction.of("x".repeat(10_000)).length() < 500);
    assertEquals("no reason given", Redaction.of(null));
  }
}

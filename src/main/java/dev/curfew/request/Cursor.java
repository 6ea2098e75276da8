package dev.curfew.request;

import dev.curfew.CurfewException;
import dev.curfew.Ids;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;

/** Where a list goes on: after the request of that time and id. Callers see only opaque text. */
record Cursor(Instant createdAt, String id) {

  /** Before everything in a list that runs from the newest to the oldest. */
  static final Cursor START = new Cursor(Instant.parse("9999-01-01T00:00:00Z"), "~");

  static Cursor after(AccessRequest request) {
    return new Cursor(request.createdAt, request.id);
  }

  String text() {
    String plain = createdAt + " " + id;
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(plain.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * @throws CurfewException INVALID when the text is none of ours
   */
  static Cursor of(String text) {
    if (text == null || text.isBlank()) {
      return START;
    }
    try {
      String plain = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
      int space = plain.indexOf(' ');
      if (space > 0 && Ids.isId(plain.substring(space + 1))) {
        return new Cursor(Instant.parse(plain.substring(0, space)), plain.substring(space + 1));
      }
    } catch (DateTimeException | IllegalArgumentException e) {
      // said below
    }
    throw CurfewException.invalid("cursor", "hand back the cursor of the page before, unchanged");
  }
}

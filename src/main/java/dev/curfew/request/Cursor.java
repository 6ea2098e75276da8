package dev.curfew.request;

import dev.curfew.CurfewException;
import dev.curfew.Ids;
import dev.curfew.grant.GrantView;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;

/** Where a list goes on: after what was made then and has that id. Callers see only opaque text. */
record Cursor(Instant createdAt, String id) {

  /** Before everything in a list that runs from the newest to the oldest. */
  static final Cursor START = new Cursor(Instant.parse("9999-01-01T00:00:00Z"), "~");

  /** Before everything in a list that runs from the oldest to the newest. */
  static final Cursor OLDEST = new Cursor(Instant.EPOCH, "");

  static Cursor after(AccessRequest request) {
    return new Cursor(request.createdAt, request.id);
  }

  static Cursor after(GrantView grant) {
    return new Cursor(grant.createdAt(), grant.id());
  }

  String text() {
    String plain = createdAt + " " + id;
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(plain.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * @param begin where the list begins when there is no text
   * @throws CurfewException INVALID when the text is none of ours
   */
  static Cursor of(String text, Cursor begin) {
    if (text == null || text.isBlank()) {
      return begin;
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

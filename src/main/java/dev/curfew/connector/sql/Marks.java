package dev.curfew.connector.sql;

import dev.curfew.connector.Mark;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Our mark as it stands in the comment of an account, where any DBA can read it. */
final class Marks {

  private static final String WORD = "([A-Za-z0-9._-]{1,100})";
  private static final Pattern FORM =
      Pattern.compile(
          "\\{\"curfew\":1,\"installation\":\"%s\",\"broker\":\"%s\",\"grant\":\"%s\",\"exp\":\"([0-9TZ:.-]{1,40})\"}"
              .formatted(WORD, WORD, WORD));

  private Marks() {}

  static String text(Mark mark) {
    String text =
        "{\"curfew\":1,\"installation\":\"%s\",\"broker\":\"%s\",\"grant\":\"%s\",\"exp\":\"%s\"}"
            .formatted(mark.installation(), mark.broker(), mark.grant(), mark.until());
    if (read(text).isEmpty()) {
      throw new IllegalArgumentException("installation, broker and grant are plain words: " + mark);
    }
    return text;
  }

  /** Empty when it is not ours to the letter. */
  static Optional<Mark> read(String comment) {
    Matcher form = FORM.matcher(comment == null ? "" : comment);
    if (!form.matches()) {
      return Optional.empty();
    }
    try {
      Instant until = Instant.parse(form.group(4));
      return Optional.of(new Mark(form.group(1), form.group(2), form.group(3), until));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}

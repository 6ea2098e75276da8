package dev.curfew.catalog;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Lengths of time in words. */
public final class Spans {

  private Spans() {}

  /** "2 h", "1 h 30 min", "45 min", "3 d", "10 s". */
  public static String words(Duration span) {
    List<String> parts = new ArrayList<>();
    add(parts, span.toDays(), "d");
    add(parts, span.toHoursPart(), "h");
    add(parts, span.toMinutesPart(), "min");
    add(parts, span.toSecondsPart(), "s");
    return parts.isEmpty() ? "0 min" : String.join(" ", parts);
  }

  private static void add(List<String> parts, long count, String unit) {
    if (count > 0) {
      parts.add(count + " " + unit);
    }
  }
}

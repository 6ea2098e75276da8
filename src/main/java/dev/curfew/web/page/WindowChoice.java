package dev.curfew.web.page;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** A window that people often want. */
public record WindowChoice(long minutes, String label) {

  private static final List<Integer> COMMON = List.of(15, 30, 60, 120, 240, 480);

  /** As the form has it. */
  public String value() {
    return Long.toString(minutes);
  }

  /** The common ones that are not longer than the longest, which is always among them. */
  public static List<WindowChoice> upTo(Duration longest) {
    return Stream.concat(COMMON.stream().map(Duration::ofMinutes), Stream.of(longest))
        .filter(window -> window.compareTo(longest) <= 0)
        .distinct()
        .sorted()
        .map(window -> new WindowChoice(window.toMinutes(), Wording.words(window)))
        .toList();
  }

  /** What the form begins with: half an hour, or the longest where that is less. */
  public static long first(Duration longest) {
    return Math.min(30, longest.toMinutes());
  }
}

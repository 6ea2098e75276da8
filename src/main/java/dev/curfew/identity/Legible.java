package dev.curfew.identity;

import java.util.Set;

/** Whether what somebody typed can be read by others, and as what it is. */
public final class Legible {

  /** Letters and symbols that show nothing: Hangul fillers, the empty braille pattern. */
  private static final Set<Integer> FILLERS = Set.of(0x115F, 0x1160, 0x2800, 0x3164, 0xFFA0);

  private Legible() {}

  /** Whether there is nothing to see in it. */
  public static boolean isBlank(String text) {
    return text.codePoints().noneMatch(Legible::isSeen);
  }

  /** Whether it can turn the text around it: an approver would read what is not there. */
  public static boolean turnsText(String text) {
    return text.codePoints()
        .anyMatch(c -> (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069));
  }

  private static boolean isSeen(int c) {
    return switch (Character.getType(c)) {
      case Character.SPACE_SEPARATOR,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.NON_SPACING_MARK,
          Character.ENCLOSING_MARK ->
          false;
      default -> !FILLERS.contains(c);
    };
  }
}

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

  /**
   * Whether it can turn or hide the text around it, on a page or in a terminal: bidi controls,
   * control characters but line break and tab, and tags. An approver would read what is not there.
   */
  public static boolean misleads(String text) {
    return text.codePoints().anyMatch(Legible::isMisleading);
  }

  private static boolean isMisleading(int c) {
    boolean control = Character.isISOControl(c) && c != '\n' && c != '\r' && c != '\t';
    boolean turns = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
    boolean tag = c >= 0xE0000 && c <= 0xE007F;
    return control || turns || tag;
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

package dev.curfew.connector;

import java.util.Arrays;
import java.util.List;

/**
 * What the person gets once: an ordered list of lines to show. Two secrets are never equal and none
 * prints itself; {@link #wipe()} overwrites the secret characters when they are not to be shown.
 */
public final class Secret {

  /**
   * One line of what is handed over.
   *
   * @param name stable, for the API: {@code host}, {@code password}, {@code psql}
   * @param label for people
   * @param isSecret whether the value must be treated as the secret itself
   */
  public record Line(String name, String label, char[] value, boolean isSecret) {

    public static Line open(String name, String label, String value) {
      return new Line(name, label, value.toCharArray(), false);
    }

    public static Line secret(String name, String label, char[] value) {
      return new Line(name, label, value, true);
    }

    /** Redacted: a record's own would print the array's identity, and one day its content. */
    @Override
    public String toString() {
      return "Line[" + name + "]";
    }
  }

  private final List<Line> lines;

  public Secret(List<Line> lines) {
    this.lines = List.copyOf(lines);
  }

  public List<Line> lines() {
    return lines;
  }

  public void wipe() {
    lines.stream().filter(Line::isSecret).forEach(line -> Arrays.fill(line.value(), '\0'));
  }

  @Override
  public String toString() {
    return "Secret[redacted]";
  }
}

package dev.curfew.grant;

import java.time.Instant;
import java.util.List;

/**
 * What the person gets once. Never stored, logged or repeated.
 *
 * @param until when it ends
 */
public record Handover(List<Line> lines, Instant until) {

  /**
   * One line of it.
   *
   * @param name stable, for the API: {@code host}, {@code password}, {@code psql}
   * @param label for people
   * @param secret whether the value must be treated as the secret itself
   */
  public record Line(String name, String label, String value, boolean secret) {

    /** Redacted: the value may be a password. */
    @Override
    public String toString() {
      return "Line[" + name + "]";
    }
  }

  public Handover {
    lines = List.copyOf(lines);
  }

  @Override
  public String toString() {
    return "Handover[redacted, until=" + until + "]";
  }
}

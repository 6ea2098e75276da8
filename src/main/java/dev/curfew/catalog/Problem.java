package dev.curfew.catalog;

import java.util.Comparator;

/**
 * One thing wrong with a file.
 *
 * @param file as it was named to the loader
 * @param line from 1; 0 means the file as a whole
 * @param text what is wrong
 * @param mend what to write instead
 */
public record Problem(String file, int line, String text, String mend) {

  /** In the order a reader goes through the files. */
  public static final Comparator<Problem> BY_PLACE =
      Comparator.comparing(Problem::file).thenComparing(Problem::line);

  @Override
  public String toString() {
    return (line > 0 ? file + ":" + line : file) + ": " + text + "; " + mend;
  }
}

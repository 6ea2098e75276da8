package dev.curfew.catalog;

/**
 * One thing wrong with a file.
 *
 * @param file as it was named to the loader
 * @param line from 1; 0 means the file as a whole
 * @param text what is wrong
 * @param mend what to write instead
 */
public record Problem(String file, int line, String text, String mend) {

  @Override
  public String toString() {
    return (line > 0 ? file + ":" + line : file) + ": " + text + "; " + mend;
  }
}

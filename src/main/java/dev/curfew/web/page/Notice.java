package dev.curfew.web.page;

import dev.curfew.CurfewException;

/**
 * A banner on a page: what happened, and what to do.
 *
 * @param tone {@code good}, {@code info}, {@code wait} or {@code bad}, as in the stylesheet
 * @param text may be empty
 */
public record Notice(String tone, String title, String text) {

  public static Notice good(String title, String text) {
    return new Notice("good", title, text);
  }

  public static Notice bad(String title, String text) {
    return new Notice("bad", title, text);
  }

  /** A refusal, shown on the form it came from. */
  public static Notice of(CurfewException refusal) {
    return bad(ErrorPage.title(refusal.fault()), Wording.sentence(refusal.getMessage()));
  }

  /** How loudly a screen reader says it. */
  public String role() {
    return tone.equals("bad") ? "alert" : "status";
  }
}

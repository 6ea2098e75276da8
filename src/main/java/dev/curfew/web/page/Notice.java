package dev.curfew.web.page;

import dev.curfew.CurfewException;
import dev.curfew.Fault;
import java.time.Duration;

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
    return bad(
        ErrorPage.title(refusal.fault()),
        refusal.fault() == Fault.THROTTLED
            ? refusal.retryAfter().map(Notice::waiting).orElse(said(refusal))
            : said(refusal));
  }

  private static String said(CurfewException refusal) {
    return Wording.sentence(refusal.getMessage());
  }

  /** The title says that there were too many tries; this says how long to wait. */
  private static String waiting(Duration wait) {
    return "Wait " + Wording.words(wait.plusMillis(999)) + ", then try again.";
  }

  /** How loudly a screen reader says it. */
  public String role() {
    return tone.equals("bad") ? "alert" : "status";
  }
}

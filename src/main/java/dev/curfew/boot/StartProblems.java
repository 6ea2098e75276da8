package dev.curfew.boot;

import java.util.ArrayList;
import java.util.List;

/**
 * What is wrong with this start, all of it. Some of it was seen before Quarkus ran, which is why
 * this is no bean.
 */
final class StartProblems {

  /** How far a problem reaches. */
  enum Reach {
    /** Nothing new is given; taking away, signing in and reading go on. */
    GIVING,
    /** What people see could be forged or intercepted: every door stays closed. */
    DOORS
  }

  /**
   * @param text what is wrong and its mend, one sentence
   */
  record Problem(Reach reach, String text) {}

  private static final List<Problem> EARLY = new ArrayList<>();

  private StartProblems() {}

  static synchronized void early(List<Problem> problems) {
    EARLY.clear();
    EARLY.addAll(problems);
  }

  static synchronized List<Problem> early() {
    return List.copyOf(EARLY);
  }
}

package dev.curfew.policy;

import dev.curfew.approval.Stage;
import java.util.List;

/** What the rules say to one ask. */
public sealed interface Decision {

  /** How it came about. */
  Trace trace();

  /** Nobody needs to agree. */
  record Allow(Terms terms, Trace trace) implements Decision {}

  /** These must agree, all stages at once and in any order. */
  record Ask(List<Stage> stages, Terms terms, Trace trace) implements Decision {

    public Ask {
      stages = List.copyOf(stages);
    }
  }

  /**
   * No.
   *
   * @param why one sentence for each rule in the way
   * @param mend the shortest way to pass, for example "ask for 8 h or less"; empty when nothing the
   *     asker can change would help
   */
  record Deny(List<String> why, List<String> mend, Trace trace) implements Decision {

    public Deny {
      why = List.copyOf(why);
      mend = List.copyOf(mend);
    }
  }
}

package dev.curfew.approval;

import java.util.List;

/** Where a vote stands. */
public record Standing(State state, List<Count> stages) {

  /** What it comes to. */
  public enum State {
    OPEN,
    APPROVED,
    DENIED
  }

  /**
   * How far one stage is.
   *
   * @param have votes that count for it; one person counts for one stage only
   */
  public record Count(Stage stage, int have) {

    public int missing() {
      return stage.needed() - have;
    }
  }

  public Standing {
    stages = List.copyOf(stages);
  }
}

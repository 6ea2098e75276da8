package dev.curfew.connector;

import java.time.Duration;

/** How an effect ended. */
public sealed interface Outcome {

  /** It is so now. */
  record Done(Receipt receipt) implements Outcome {}

  /**
   * It is not so yet.
   *
   * @param after when to try again at the earliest
   * @param why fit for everybody: "orders-db did not answer"
   * @param detail the same for administrators and the history: addresses, the driver's words
   * @param reached whether the target accepted a connection, and is the server that is meant: if
   *     not, nothing happened there
   */
  record Again(Duration after, String why, String detail, boolean reached) implements Outcome {

    /** There is no more to say about it. */
    public Again(Duration after, String why, boolean reached) {
      this(after, why, why, reached);
    }
  }

  /**
   * Of a revocation only: nothing is wrong, and it goes on after that time from what is known by
   * now. No hand waits for it meanwhile.
   *
   * @param after no sooner than this
   * @param openAgain whether somebody can enter by it, though an earlier call had closed it
   */
  record Later(Duration after, Receipt receipt, boolean openAgain) implements Outcome {}

  /** It will never be so; trying again is of no use. */
  record Refused(String why) implements Outcome {}
}

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
   * @param why fit for a person: "orders-db did not answer"
   * @param reached whether the target accepted a connection: if not, nothing happened there
   */
  record Again(Duration after, String why, boolean reached) implements Outcome {}

  /** It will never be so; trying again is of no use. */
  record Refused(String why) implements Outcome {}
}

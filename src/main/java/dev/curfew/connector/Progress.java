package dev.curfew.connector;

import java.util.List;

/** Where a revocation reports its steps, so that each is on record before the next begins. */
@FunctionalInterface
public interface Progress {

  /**
   * @param receipt everything known about the access by now; replaces the stored one
   * @param facts what was done, one line each, for the audit and the grant's page
   * @return false when the caller lost the right to go on; the connector must stop at once
   */
  boolean done(Step step, Receipt receipt, List<String> facts);
}

package dev.curfew.connector;

/**
 * What a check saw at a target.
 *
 * @param severity FATAL closes the target to new grants; WARNING is shown to the operator and,
 *     where it widens what a grantee can do, to the approver
 * @param text one sentence that says the mend
 */
public record Finding(Severity severity, String text) {

  /** How much a finding matters. */
  public enum Severity {
    FATAL,
    WARNING
  }

  public static Finding fatal(String text) {
    return new Finding(Severity.FATAL, text);
  }

  public static Finding warning(String text) {
    return new Finding(Severity.WARNING, text);
  }
}

package dev.curfew.connector;

/**
 * What a check saw at a target.
 *
 * @param severity FATAL closes the target to new grants; WARNING is shown to the operator and,
 *     where it widens what a grantee can do, to the approver
 * @param text one sentence that says the mend, fit for everybody
 * @param detail the same for administrators and the history: addresses, the driver's words
 */
public record Finding(Severity severity, String text, String detail) {

  /** There is no more to say about it. */
  public Finding(Severity severity, String text) {
    this(severity, text, text);
  }

  /** How much a finding matters. */
  public enum Severity {
    FATAL,
    WARNING
  }

  public static Finding fatal(String text) {
    return new Finding(Severity.FATAL, text);
  }

  public static Finding fatal(String text, String detail) {
    return new Finding(Severity.FATAL, text, detail);
  }

  public static Finding warning(String text) {
    return new Finding(Severity.WARNING, text);
  }
}

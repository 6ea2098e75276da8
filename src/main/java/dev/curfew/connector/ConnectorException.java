package dev.curfew.connector;

/**
 * The target did not do what was asked. The message is fit for everybody; neither it nor the detail
 * holds a secret.
 */
public final class ConnectorException extends RuntimeException {

  private final String detail;
  private final boolean reached;
  private final boolean lost;

  /**
   * @param reached whether a connection to the target was accepted: if not, nothing can have
   *     happened there
   */
  public ConnectorException(String message, boolean reached) {
    this(message, message, reached);
  }

  /**
   * @param detail the same for administrators and the history: addresses, the driver's words
   */
  public ConnectorException(String message, String detail, boolean reached) {
    this(message, detail, reached, false);
  }

  /**
   * @param lost whether its answer was lost on the way or did not come in time: what it would have
   *     said is not known, and it may say it next time
   */
  public ConnectorException(String message, String detail, boolean reached, boolean lost) {
    super(message);
    this.detail = detail;
    this.reached = reached;
    this.lost = lost;
  }

  public String detail() {
    return detail;
  }

  public boolean reached() {
    return reached;
  }

  /** Whether a connection was accepted, and it answered with a no. */
  public boolean answered() {
    return reached && !lost;
  }
}

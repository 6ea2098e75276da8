package dev.curfew.connector;

/**
 * The target did not do what was asked. The message is fit for everybody; neither it nor the detail
 * holds a secret.
 */
public final class ConnectorException extends RuntimeException {

  private final String detail;
  private final boolean reached;

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
    super(message);
    this.detail = detail;
    this.reached = reached;
  }

  public String detail() {
    return detail;
  }

  public boolean reached() {
    return reached;
  }
}

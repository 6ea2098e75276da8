package dev.curfew.connector;

/** The target did not do what was asked. The message is fit for a person and holds no secret. */
public final class ConnectorException extends RuntimeException {

  private final boolean reached;

  /**
   * @param reached whether a connection to the target was accepted: if not, nothing can have
   *     happened there
   */
  public ConnectorException(String message, boolean reached) {
    super(message);
    this.reached = reached;
  }

  public boolean reached() {
    return reached;
  }
}

package dev.curfew.connector;

/**
 * Turns a reference into the secret it names. Packs, handles and the store hold references only;
 * the secret is read anew for each connection, so a rotated one is used at once.
 */
@FunctionalInterface
public interface Secrets {

  /**
   * The secret, in an array of its own that the caller overwrites after use.
   *
   * @throws ConnectorException when there is no such secret; the message names the reference, never
   *     what was found
   */
  char[] read(String reference);
}

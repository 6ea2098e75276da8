package dev.curfew.account;

/**
 * A session that was opened or raised just now.
 *
 * @param secret for the cookie; stored only hashed
 */
public record Opened(String secret, SignedIn who) {

  @Override
  public String toString() {
    return "Opened[" + who.level() + "]";
  }
}

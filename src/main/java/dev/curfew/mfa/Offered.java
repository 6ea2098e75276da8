package dev.curfew.mfa;

/**
 * What a call brings as its proof: an assertion with its nonce, or a code, or the wish that a
 * recent proof of the same session is enough. Never printed: a code is a secret while it lives.
 *
 * @param nonce what the challenge was answered with
 * @param assertionJson the passkey's answer, as the browser's {@code toJSON} gives it
 * @param code six digits
 * @param recent whether a recent proof is meant to do
 */
public record Offered(String nonce, String assertionJson, String code, Boolean recent) {

  /** A call that brings nothing; enough only where a recent proof is. */
  public static final Offered NOTHING = new Offered(null, null, null, null);

  public Offered {
    nonce = blankToNull(nonce);
    assertionJson = blankToNull(assertionJson);
    code = blankToNull(code);
  }

  public static Offered code(String code) {
    return new Offered(null, null, code, null);
  }

  public static Offered assertion(String nonce, String assertionJson) {
    return new Offered(nonce, assertionJson, null, null);
  }

  boolean hasAssertion() {
    return assertionJson != null;
  }

  boolean hasCode() {
    return code != null;
  }

  private static String blankToNull(String text) {
    return text == null || text.isBlank() ? null : text.strip();
  }

  @Override
  public String toString() {
    return "Offered[redacted]";
  }
}

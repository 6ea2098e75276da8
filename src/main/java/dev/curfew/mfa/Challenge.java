package dev.curfew.mfa;

import java.time.Instant;
import java.util.List;

/**
 * What a passkey is asked to sign, for one act of one session.
 *
 * @param nonce comes back with the assertion
 * @param expires after it the nonce is worth nothing
 * @param publicKeyJson WebAuthn's request options as JSON; null for a person without a passkey
 * @param accepts what this person could bring now: {@code passkey}, {@code code}, {@code recent};
 *     which of these is enough is the act's affair
 */
public record Challenge(String nonce, Instant expires, String publicKeyJson, List<String> accepts) {

  public Challenge {
    accepts = List.copyOf(accepts);
  }
}

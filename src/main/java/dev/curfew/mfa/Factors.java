package dev.curfew.mfa;

import java.time.Instant;
import java.util.List;

/**
 * The second factors of a person.
 *
 * @param codesSince since when there is an authenticator app; null when there is none
 * @param recoveryCodes how many are left
 */
public record Factors(List<Key> passkeys, Instant codesSince, int recoveryCodes) {

  public Factors {
    passkeys = List.copyOf(passkeys);
  }

  public boolean codes() {
    return codesSince != null;
  }

  public boolean none() {
    return passkeys.isEmpty() && !codes();
  }
}

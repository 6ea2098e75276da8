package dev.curfew.mfa;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

/** Reads which second factors a person has. */
@ApplicationScoped
public class Keys {

  private final RecoveryCodes recoveryCodes;

  Keys(RecoveryCodes recoveryCodes) {
    this.recoveryCodes = recoveryCodes;
  }

  @Transactional
  public Factors of(String person) {
    return new Factors(
        StoredPasskey.of(person).stream().map(StoredPasskey::toKey).toList(),
        StoredTotp.of(person).map(totp -> totp.createdAt).orElse(null),
        recoveryCodes.left(person));
  }
}

package dev.curfew.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.curfew.mfa.Challenge;
import dev.curfew.mfa.Enrolment;
import java.time.Instant;
import java.util.List;

/**
 * A challenge for a passkey, as the browser takes it.
 *
 * @param publicKey WebAuthn's options, binary values in base64url; null without a passkey
 * @param accepts what the caller could bring; left out when a passkey is made
 */
public record ChallengeAnswer(
    String nonce,
    Instant expires,
    @JsonRawValue String publicKey,
    @JsonInclude(JsonInclude.Include.NON_NULL) List<String> accepts) {

  public static ChallengeAnswer of(Challenge challenge) {
    return new ChallengeAnswer(
        challenge.nonce(), challenge.expires(), challenge.publicKeyJson(), challenge.accepts());
  }

  public static ChallengeAnswer of(Enrolment.Creation creation) {
    return new ChallengeAnswer(
        creation.nonce(), creation.expires(), creation.publicKeyJson(), null);
  }
}

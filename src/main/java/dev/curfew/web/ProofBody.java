package dev.curfew.web;

import com.fasterxml.jackson.databind.JsonNode;
import dev.curfew.mfa.Offered;

/**
 * The field {@code proof} of an API call: {@code {"nonce":"…","assertion":{…}}}, {@code
 * {"code":"123456"}} or {@code {"recent":true}}.
 */
public record ProofBody(String nonce, JsonNode assertion, String code, Boolean recent) {

  /** What the call brought; {@link Offered#NOTHING} when the field is missing. */
  public static Offered offered(ProofBody proof) {
    return proof == null
        ? Offered.NOTHING
        : new Offered(
            proof.nonce,
            proof.assertion == null || proof.assertion.isNull() ? null : proof.assertion.toString(),
            proof.code,
            proof.recent);
  }

  @Override
  public String toString() {
    return "ProofBody[redacted]";
  }
}

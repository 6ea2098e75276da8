package dev.curfew.testing;

import static io.restassured.RestAssured.given;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.restassured.response.Response;
import java.util.HashMap;
import java.util.Map;

/** Proofs by a passkey, as a page's script and as a script of somebody's own make them. */
public final class Prover {

  private static final ObjectMapper JSON = new ObjectMapper();

  private Prover() {}

  /** The fields that a page's form carries, beside its own. */
  public static Map<String, Object> form(
      Browser browser, VirtualPasskey key, String act, Map<String, ?> fields) {
    JsonNode challenge =
        read(browser.ask("/proofs", Map.of("act", act, "body", write(fields))).asString());
    Map<String, Object> form = new HashMap<>(fields);
    form.put("proof_nonce", challenge.get("nonce").asText());
    form.put("proof_assertion", key.sign(challenge.get("publicKey").toString()));
    return form;
  }

  /** The field {@code proof} of an API call. */
  public static Map<String, Object> proof(
      String bearer, VirtualPasskey key, String act, Map<String, ?> fields) {
    Response answer =
        given()
            .header("Authorization", "Bearer " + bearer)
            .contentType("application/json")
            .body(Map.of("act", act, "body", fields))
            .post("/api/v1/proofs");
    JsonNode challenge = read(answer.asString());
    return Map.of(
        "nonce",
        challenge.get("nonce").asText(),
        "assertion",
        JSON.convertValue(read(key.sign(challenge.get("publicKey").toString())), Map.class));
  }

  /** What a page sends after it made a passkey by the options at this path. */
  public static Map<String, Object> made(Browser browser, VirtualPasskey key, String optionsPath) {
    JsonNode options = read(browser.ask(optionsPath, Map.of()).asString());
    return Map.of(
        "name",
        "Key",
        "credential_nonce",
        options.get("nonce").asText(),
        "credential",
        key.make(options.get("publicKey").toString()));
  }

  private static JsonNode read(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError(json, e);
    }
  }

  private static String write(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}

package dev.curfew.mfa;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.erdtman.jcs.JsonCanonicalizer;

/**
 * An act as bytes: {@code {"act":…,"body":{…}}} in canonical JSON.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8785">RFC 8785</a>
 */
final class ActHash {

  private static final ObjectMapper JSON = new ObjectMapper();

  private ActHash() {}

  static String json(Act act) {
    try {
      String plain = JSON.writeValueAsString(Map.of("act", act.name(), "body", act.fields()));
      return new JsonCanonicalizer(plain).getEncodedString();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a map of texts is always JSON", e);
    } catch (IOException e) {
      throw new IllegalStateException("Jackson's JSON is always JSON", e);
    }
  }

  static String hash(Act act) {
    return Hashes.sha256(json(act));
  }

  /**
   * What the passkey signs: SHA-256(canonical act ‖ nonce), so the signature is of this act alone.
   */
  static byte[] challenge(Act act, String nonce) {
    return Hashes.sha256(
        json(act).getBytes(StandardCharsets.UTF_8), Base64.getUrlDecoder().decode(nonce));
  }
}

package dev.curfew.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A passkey in software: one EC P-256 key, no attestation, answers as a browser's {@code toJSON}
 * gives them. The user is verified unless a test says otherwise.
 */
public final class VirtualPasskey {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
  private static final int PRESENT = 0x01;
  private static final int VERIFIED = 0x04;
  private static final int ATTESTED = 0x40;

  private final String origin;
  private final String rpId;
  private final byte[] id = new byte[32];
  private final KeyPair keys;
  private int count;
  private boolean verifies = true;
  private String userHandle;

  public VirtualPasskey(String origin, String rpId) {
    this.origin = origin;
    this.rpId = rpId;
    new SecureRandom().nextBytes(id);
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      this.keys = generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A passkey for the address that tests are configured with. */
  public static VirtualPasskey ofTheDefaultSite() {
    return new VirtualPasskey("http://localhost:8080", "localhost");
  }

  /** From now on it notices a touch only, no PIN and no finger. */
  public VirtualPasskey withoutVerification() {
    verifies = false;
    return this;
  }

  /** Answers creation options (the value of {@code publicKey}). */
  public String make(String publicKeyJson) {
    JsonNode options = read(publicKeyJson);
    userHandle = options.at("/user/id").asText();
    byte[] clientData = clientData("webauthn.create", options.get("challenge").asText());
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    data.writeBytes(authenticatorData(ATTESTED));
    data.writeBytes(new byte[16]);
    data.writeBytes(ByteBuffer.allocate(2).putShort((short) id.length).array());
    data.writeBytes(id);
    data.writeBytes(coseKey());
    byte[] attestation = attestation(data.toByteArray());
    return answer(
        Map.of("clientDataJSON", text(clientData), "attestationObject", text(attestation)));
  }

  /** Answers request options (the value of {@code publicKey}). */
  public String sign(String publicKeyJson) {
    count++;
    byte[] clientData = clientData("webauthn.get", read(publicKeyJson).get("challenge").asText());
    byte[] data = authenticatorData(0);
    Map<String, String> response = new LinkedHashMap<>();
    response.put("clientDataJSON", text(clientData));
    response.put("authenticatorData", text(data));
    response.put("signature", text(signature(data, sha256(clientData))));
    response.put("userHandle", userHandle);
    return answer(response);
  }

  private String answer(Map<String, String> response) {
    Map<String, Object> whole = new LinkedHashMap<>();
    whole.put("id", text(id));
    whole.put("rawId", text(id));
    whole.put("type", "public-key");
    whole.put("response", response);
    whole.put("clientExtensionResults", Map.of());
    try {
      return JSON.writeValueAsString(whole);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte[] clientData(String type, String challenge) {
    return ("{\"type\":\""
            + type
            + "\",\"challenge\":\""
            + challenge
            + "\",\"origin\":\""
            + origin
            + "\",\"crossOrigin\":false}")
        .getBytes(StandardCharsets.UTF_8);
  }

  private byte[] authenticatorData(int more) {
    int flags = PRESENT | (verifies ? VERIFIED : 0) | more;
    return ByteBuffer.allocate(37)
        .put(sha256(rpId.getBytes(StandardCharsets.UTF_8)))
        .put((byte) flags)
        .putInt(count)
        .array();
  }

  private byte[] signature(byte[] data, byte[] clientDataHash) {
    try {
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(keys.getPrivate());
      signature.update(data);
      signature.update(clientDataHash);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** CBOR: {1: 2, 3: -7, -1: 1, -2: x, -3: y}, an EC2 key for ES256 on P-256. */
  private byte[] coseKey() {
    ECPublicKey key = (ECPublicKey) keys.getPublic();
    ByteArrayOutputStream cbor = new ByteArrayOutputStream();
    cbor.writeBytes(new byte[] {(byte) 0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20});
    cbor.writeBytes(coordinate(key.getW().getAffineX()));
    cbor.writeBytes(new byte[] {0x22, 0x58, 0x20});
    cbor.writeBytes(coordinate(key.getW().getAffineY()));
    return cbor.toByteArray();
  }

  /** CBOR: {"fmt": "none", "attStmt": {}, "authData": data}. */
  private static byte[] attestation(byte[] data) {
    ByteArrayOutputStream cbor = new ByteArrayOutputStream();
    cbor.write(0xa3);
    cbor.writeBytes(word("fmt"));
    cbor.writeBytes(word("none"));
    cbor.writeBytes(word("attStmt"));
    cbor.write(0xa0);
    cbor.writeBytes(word("authData"));
    cbor.write(0x59);
    cbor.writeBytes(ByteBuffer.allocate(2).putShort((short) data.length).array());
    cbor.writeBytes(data);
    return cbor.toByteArray();
  }

  private static byte[] word(String text) {
    byte[] letters = text.getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(letters.length + 1)
        .put((byte) (0x60 | letters.length))
        .put(letters)
        .array();
  }

  private static byte[] coordinate(BigInteger value) {
    byte[] bytes = value.toByteArray();
    byte[] fixed = new byte[32];
    int from = Math.max(0, bytes.length - 32);
    System.arraycopy(bytes, from, fixed, 32 - (bytes.length - from), bytes.length - from);
    return fixed;
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String text(byte[] bytes) {
    return BASE64.encodeToString(bytes);
  }

  private static JsonNode read(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package dev.curfew.mfa;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.yubico.webauthn.AssertionRequest;
import com.yubico.webauthn.AssertionResult;
import com.yubico.webauthn.FinishAssertionOptions;
import com.yubico.webauthn.FinishRegistrationOptions;
import com.yubico.webauthn.RegistrationResult;
import com.yubico.webauthn.RelyingParty;
import com.yubico.webauthn.data.AuthenticatorSelectionCriteria;
import com.yubico.webauthn.data.ByteArray;
import com.yubico.webauthn.data.PublicKeyCredential;
import com.yubico.webauthn.data.PublicKeyCredentialCreationOptions;
import com.yubico.webauthn.data.PublicKeyCredentialDescriptor;
import com.yubico.webauthn.data.PublicKeyCredentialParameters;
import com.yubico.webauthn.data.PublicKeyCredentialRequestOptions;
import com.yubico.webauthn.data.RelyingPartyIdentity;
import com.yubico.webauthn.data.ResidentKeyRequirement;
import com.yubico.webauthn.data.UserIdentity;
import com.yubico.webauthn.data.UserVerificationRequirement;
import com.yubico.webauthn.exception.AssertionFailedException;
import com.yubico.webauthn.exception.RegistrationFailedException;
import dev.curfew.CurfewException;
import dev.curfew.Fault;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * WebAuthn's two ceremonies, over challenges that others made. The user is always verified: a
 * passkey that only notices a touch is refused.
 */
@ApplicationScoped
class Passkeys {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final RelyingParty relyingParty;

  Passkeys(Site site, PasskeyLookup lookup) {
    relyingParty =
        RelyingParty.builder()
            .identity(RelyingPartyIdentity.builder().id(site.host()).name("Curfew").build())
            .credentialRepository(lookup)
            .origins(Set.of(site.origin()))
            .build();
  }

  String requestJson(List<StoredPasskey> keys, byte[] challenge) {
    try {
      return inner(request(keys, challenge).toCredentialsGetJson());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("WebAuthn options are always JSON", e);
    }
  }

  /**
   * The passkey that made this assertion over the challenge; refused if none of the person's did.
   */
  StoredPasskey verify(String person, byte[] challenge, String assertionJson) {
    try {
      List<StoredPasskey> keys = StoredPasskey.of(person);
      AssertionResult result =
          relyingParty.finishAssertion(
              FinishAssertionOptions.builder()
                  .request(
                      AssertionRequest.builder()
                          .publicKeyCredentialRequestOptions(request(keys, challenge))
                          .username(person)
                          .build())
                  .response(PublicKeyCredential.parseAssertionResponseJson(assertionJson))
                  .build());
      StoredPasskey key =
          StoredPasskey.byCredential(result.getCredentialId().getBase64Url())
              .filter(stored -> stored.person.equals(person))
              .orElseThrow(Passkeys::refused);
      key.signCount = result.getSignatureCount();
      return key;
    } catch (IOException | AssertionFailedException | IllegalArgumentException e) {
      throw refused().causedBy(e);
    }
  }

  PublicKeyCredentialCreationOptions creation(
      String person, String user, String name, byte[] challenge) {
    return PublicKeyCredentialCreationOptions.builder()
        .rp(relyingParty.getIdentity())
        .user(UserIdentity.builder().name(user).displayName(name).id(handle(person)).build())
        .challenge(new ByteArray(challenge))
        .pubKeyCredParams(
            List.of(
                PublicKeyCredentialParameters.ES256,
                PublicKeyCredentialParameters.EdDSA,
                PublicKeyCredentialParameters.RS256))
        .excludeCredentials(Set.copyOf(descriptors(StoredPasskey.of(person))))
        .authenticatorSelection(
            AuthenticatorSelectionCriteria.builder()
                .residentKey(ResidentKeyRequirement.PREFERRED)
                .userVerification(UserVerificationRequirement.REQUIRED)
                .build())
        .timeout(Challenges.LIFE.toMillis())
        .build();
  }

  String creationJson(PublicKeyCredentialCreationOptions options) {
    try {
      return inner(options.toCredentialsCreateJson());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("WebAuthn options are always JSON", e);
    }
  }

  /**
   * The library wraps the options into {@code {"publicKey":…}}; our answer has that field itself.
   */
  private static String inner(String wrapped) throws JsonProcessingException {
    return JSON.readTree(wrapped).get("publicKey").toString();
  }

  RegistrationResult register(PublicKeyCredentialCreationOptions options, String credentialJson) {
    try {
      return relyingParty.finishRegistration(
          FinishRegistrationOptions.builder()
              .request(options)
              .response(PublicKeyCredential.parseRegistrationResponseJson(credentialJson))
              .build());
    } catch (IOException | RegistrationFailedException | IllegalArgumentException e) {
      throw refused().causedBy(e);
    }
  }

  private PublicKeyCredentialRequestOptions request(List<StoredPasskey> keys, byte[] challenge) {
    return PublicKeyCredentialRequestOptions.builder()
        .challenge(new ByteArray(challenge))
        .rpId(relyingParty.getIdentity().getId())
        .allowCredentials(descriptors(keys))
        .userVerification(UserVerificationRequirement.REQUIRED)
        .timeout(Challenges.LIFE.toMillis())
        .build();
  }

  private static List<PublicKeyCredentialDescriptor> descriptors(List<StoredPasskey> keys) {
    return keys.stream()
        .map(key -> PublicKeyCredentialDescriptor.builder().id(bytes(key.credential)).build())
        .collect(Collectors.toList());
  }

  static ByteArray handle(String person) {
    return new ByteArray(person.getBytes(StandardCharsets.UTF_8));
  }

  static ByteArray bytes(String base64url) {
    return new ByteArray(java.util.Base64.getUrlDecoder().decode(base64url));
  }

  private static CurfewException refused() {
    return new CurfewException(
        Fault.PROOF_REFUSED, "the passkey's answer does not fit; start again and use your own key");
  }
}

package dev.curfew.mfa;

import com.yubico.webauthn.CredentialRepository;
import com.yubico.webauthn.RegisteredCredential;
import com.yubico.webauthn.data.ByteArray;
import com.yubico.webauthn.data.PublicKeyCredentialDescriptor;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The stored passkeys as the WebAuthn library asks for them; its user name is the person's id. */
@ApplicationScoped
class PasskeyLookup implements CredentialRepository {

  @Override
  public Set<PublicKeyCredentialDescriptor> getCredentialIdsForUsername(String person) {
    return StoredPasskey.of(person).stream()
        .map(
            key ->
                PublicKeyCredentialDescriptor.builder().id(Passkeys.bytes(key.credential)).build())
        .collect(Collectors.toSet());
  }

  @Override
  public Optional<ByteArray> getUserHandleForUsername(String person) {
    return Optional.of(Passkeys.handle(person));
  }

  @Override
  public Optional<String> getUsernameForUserHandle(ByteArray handle) {
    return Optional.of(new String(handle.getBytes(), StandardCharsets.UTF_8));
  }

  @Override
  public Optional<RegisteredCredential> lookup(ByteArray credential, ByteArray handle) {
    return StoredPasskey.byCredential(credential.getBase64Url())
        .filter(key -> Passkeys.handle(key.person).equals(handle))
        .map(PasskeyLookup::registered);
  }

  @Override
  public Set<RegisteredCredential> lookupAll(ByteArray credential) {
    return StoredPasskey.byCredential(credential.getBase64Url()).stream()
        .map(PasskeyLookup::registered)
        .collect(Collectors.toSet());
  }

  private static RegisteredCredential registered(StoredPasskey key) {
    return RegisteredCredential.builder()
        .credentialId(Passkeys.bytes(key.credential))
        .userHandle(Passkeys.handle(key.person))
        .publicKeyCose(Passkeys.bytes(key.publicKey))
        .signatureCount(key.signCount)
        .build();
  }
}

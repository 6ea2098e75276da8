package dev.curfew.mfa;

import static jakarta.transaction.Transactional.TxType.MANDATORY;
import static jakarta.transaction.Transactional.TxType.REQUIRES_NEW;

import com.yubico.webauthn.RegistrationResult;
import com.yubico.webauthn.data.PublicKeyCredentialCreationOptions;
import dev.curfew.Clocks;
import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.Ids;
import dev.curfew.audit.Audit;
import dev.curfew.audit.Entry;
import dev.curfew.audit.Kind;
import dev.curfew.identity.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Adds and removes second factors, and knows nothing of who may: {@link KeysFlow} asks for a proof
 * first, a one-time link or a recovery code opens it without one.
 */
@ApplicationScoped
public class Enrolment {

  /** How long a passkey that was added with a code counts as a code. */
  static final Duration COUNTS_AS_CODE = Duration.ofHours(24);

  private static final Act PASSKEY = Act.of("passkey-make");

  /** What a browser is asked to make a passkey by. */
  public record Creation(String nonce, Instant expires, String publicKeyJson) {}

  /** What the browser made. {@code credentialJson} as its {@code toJSON} gives it. */
  public record NewPasskey(String nonce, String credentialJson, String name) {

    public NewPasskey {
      name = name == null || name.isBlank() ? "Passkey" : name.strip();
      if (name.codePointCount(0, name.length()) > 60) {
        throw CurfewException.invalid("name", "a key's name has at most 60 characters");
      }
      if (nonce == null || nonce.isBlank() || credentialJson == null || credentialJson.isBlank()) {
        throw CurfewException.invalid("credential", "the browser's answer is missing; try again");
      }
    }
  }

  /** A seed for an authenticator app, as text and as what the QR code says. */
  public record Draft(String secret, String uri) {

    @Override
    public String toString() {
      return "Draft[redacted]";
    }
  }

  private final Challenges challenges;
  private final Passkeys passkeys;
  private final RecoveryCodes recoveryCodes;
  private final Codes codes;
  private final Seeds seeds;
  private final FirstDay firstDay;
  private final Clocks clocks;
  private final Audit audit;

  Enrolment(
      Challenges challenges,
      Passkeys passkeys,
      RecoveryCodes recoveryCodes,
      Codes codes,
      Seeds seeds,
      FirstDay firstDay,
      Clocks clocks,
      Audit audit) {
    this.challenges = challenges;
    this.passkeys = passkeys;
    this.recoveryCodes = recoveryCodes;
    this.codes = codes;
    this.seeds = seeds;
    this.firstDay = firstDay;
    this.clocks = clocks;
    this.audit = audit;
  }

  /** Options to make a passkey with, good for 120 seconds in this session. */
  @Transactional
  public Creation startPasskey(Caller caller, String user) {
    Challenges.Nonce nonce = challenges.open(caller, PASSKEY);
    return new Creation(
        nonce.text(), nonce.expires(), passkeys.creationJson(options(caller, user, nonce.text())));
  }

  /**
   * Keeps a new passkey.
   *
   * @param proof what it was added with; null on the way in by a link or a recovery code
   * @return recovery codes to show once, when the person had none
   */
  @Transactional(MANDATORY)
  public List<String> addPasskey(Caller caller, String user, NewPasskey made, Proof proof) {
    challenges.spend(caller, PASSKEY, made.nonce());
    RegistrationResult result =
        passkeys.register(options(caller, user, made.nonce()), made.credentialJson());
    String credential = result.getKeyId().getId().getBase64Url();
    if (StoredPasskey.byCredential(credential).isPresent()) {
      throw new CurfewException(Fault.WRONG_STATE, "this passkey is enrolled already");
    }
    Instant now = clocks.now();
    StoredPasskey key = new StoredPasskey();
    key.id = Ids.next();
    key.person = caller.person();
    key.credential = credential;
    key.publicKey = result.getPublicKeyCose().getBase64Url();
    key.signCount = result.getSignatureCount();
    key.name = made.name();
    key.createdAt = now;
    key.trustedSince = firstDay.trustedSince(now);
    key.countsAsCodeUntil =
        proof != null && proof.kind() == Proof.Kind.CODE ? now.plus(COUNTS_AS_CODE) : null;
    key.persist();
    audit.record(
        proved(Entry.of(Kind.KEY_ADDED, caller).subject(caller.person()), proof)
            .with("name", key.name)
            .with("credential", key.id));
    return recoveryCodes.left(caller.person()) == 0
        ? recoveryCodes.renew(caller.person())
        : List.of();
  }

  /**
   * The seed to show, the same one again within a quarter of an hour, so that a reload is no harm.
   */
  @Transactional
  public Draft draftCodes(Caller caller, String user) {
    CodeGuard.lock(caller.person()); // two at once are shown the same seed
    Instant now = clocks.now();
    Optional<TotpDraft> shown = TotpDraft.of(caller.person());
    if (shown.filter(draft -> draft.livesFor(caller.session().id(), now)).isPresent()) {
      return draft(seeds.open(caller.person(), shown.get().sealedSeed), user);
    }
    String seed = Totp.newSecret();
    TotpDraft draft = shown.orElseGet(TotpDraft::new);
    draft.person = caller.person();
    draft.session = caller.session().id();
    draft.sealedSeed = seeds.seal(caller.person(), seed);
    draft.createdAt = now;
    draft.persist();
    return draft(seed, user);
  }

  private static Draft draft(String seed, String user) {
    return new Draft(seed, Totp.uri(seed, user));
  }

  /**
   * Takes the drafted seed into use once its first code is right; in place of an earlier one.
   *
   * @return new recovery codes to show once
   */
  @Transactional(MANDATORY)
  public List<String> addCodes(Caller caller, String code, Proof proof) {
    CodeGuard.lock(caller.person()); // of two at once the second finds no draft any more
    Instant now = clocks.now();
    TotpDraft draft =
        TotpDraft.of(caller.person())
            .filter(drafted -> drafted.livesFor(caller.session().id(), now))
            .orElseThrow(
                () ->
                    new CurfewException(
                        Fault.WRONG_STATE, "the QR code is too old; scan the new one"));
    if (code == null || code.isBlank()) {
      throw CurfewException.invalid("code", "type the code that your app shows");
    }
    long step =
        Totp.stepOf(seeds.open(draft.person, draft.sealedSeed), code, clocks.storeTime())
            .orElseThrow(
                () ->
                    CurfewException.invalid(
                        "code", "this code does not fit; check your app's clock and try the next"));
    replaceCodes(caller.person(), draft.sealedSeed, step, firstDay.trustedSince(now));
    draft.delete();
    audit.record(proved(Entry.of(Kind.CODES_ADDED, caller).subject(caller.person()), proof));
    return recoveryCodes.renew(caller.person());
  }

  /** Codes that are there from the start, for the demo's people. */
  @Transactional(MANDATORY)
  public void seedCodes(String person, String secret) {
    Base32.decode(secret);
    replaceCodes(person, seeds.seal(person, secret), -1, Instant.EPOCH);
  }

  @Transactional(MANDATORY)
  void removePasskey(Caller caller, String key, Proof proof) {
    StoredPasskey found = mustBe(caller, key);
    found.delete();
    audit.record(
        proved(Entry.of(Kind.KEY_REMOVED, caller).subject(caller.person()), proof)
            .with("name", found.name)
            .with("credential", found.id));
  }

  @Transactional(MANDATORY)
  void removeCodes(Caller caller, Proof proof) {
    StoredTotp.deleteById(caller.person());
    audit.record(proved(Entry.of(Kind.CODES_REMOVED, caller).subject(caller.person()), proof));
  }

  @Transactional(MANDATORY)
  List<String> renewRecoveryCodes(Caller caller, Proof proof) {
    audit.record(
        proved(Entry.of(Kind.RECOVERY_CODES_RENEWED, caller).subject(caller.person()), proof));
    return recoveryCodes.renew(caller.person());
  }

  StoredPasskey mustBe(Caller caller, String key) {
    return StoredPasskey.<StoredPasskey>findByIdOptional(key)
        .filter(stored -> stored.person.equals(caller.person()))
        .orElseThrow(() -> CurfewException.notFound("key"));
  }

  /** Takes everything away, for a reset. */
  @Transactional(MANDATORY)
  public void removeAll(String person) {
    StoredPasskey.delete("person", person);
    StoredTotp.deleteById(person);
    TotpDraft.deleteById(person);
    recoveryCodes.forget(person);
    CodeGuard guard = CodeGuard.lock(person);
    guard.right();
    guard.offAt = null;
  }

  /**
   * Uses a recovery code up and starts the hold: what is proved from now on is as young as this
   * moment. Wrong ones count like wrong codes; in a transaction of its own, so that they stay
   * counted.
   */
  @Transactional(value = REQUIRES_NEW, dontRollbackOn = CurfewException.class)
  public void recover(Caller caller, String code, Runnable inTheSameTransaction) {
    Instant now = clocks.now();
    CodeGuard guard = CodeGuard.lock(caller.person());
    guard.refuseWhileDelayed(now);
    if (code == null || !recoveryCodes.use(caller.person(), code)) {
      throw codes.wrong(caller, guard, now);
    }
    guard.right();
    guard.heldSince = now;
    audit.record(
        Entry.of(Kind.RECOVERY_CODE_USED, caller)
            .subject(caller.person())
            .with("left", recoveryCodes.left(caller.person())));
    inTheSameTransaction.run();
  }

  private void replaceCodes(String person, String sealedSeed, long step, Instant trustedSince) {
    StoredTotp totp = StoredTotp.of(person).orElseGet(StoredTotp::new);
    totp.person = person;
    totp.sealedSeed = sealedSeed;
    totp.createdAt = clocks.now();
    totp.trustedSince = trustedSince;
    totp.lastStep = step;
    totp.persist();
  }

  private PublicKeyCredentialCreationOptions options(Caller caller, String user, String nonce) {
    return passkeys.creation(
        caller.person(), user, caller.name(), ActHash.challenge(PASSKEY, nonce));
  }

  private static Entry proved(Entry entry, Proof proof) {
    return proof == null ? entry : entry.with(proof.proven());
  }
}

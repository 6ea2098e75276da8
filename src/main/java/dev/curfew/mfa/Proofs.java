package dev.curfew.mfa;

import static jakarta.transaction.Transactional.TxType.MANDATORY;
import static jakarta.transaction.Transactional.TxType.REQUIRES_NEW;

import dev.curfew.Clocks;
import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.Ids;
import dev.curfew.identity.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Asks for, checks and uses up proofs. A passkey's assertion is bound to the act by its challenge;
 * a code proves the person only; a recent proof is an earlier one of the same session.
 */
@ApplicationScoped
public class Proofs {

  /** How long an earlier proof is still worth mentioning to the caller as {@code recent}. */
  private static final Duration RECENT_AT_MOST = Duration.ofHours(1);

  private final Challenges challenges;
  private final Passkeys passkeys;
  private final Codes codes;
  private final Clocks clocks;

  Proofs(Challenges challenges, Passkeys passkeys, Codes codes, Clocks clocks) {
    this.challenges = challenges;
    this.passkeys = passkeys;
    this.codes = codes;
    this.clocks = clocks;
  }

  /** A nonce for this act and session, good for 120 seconds, and what a passkey must sign. */
  @Transactional
  public Challenge challenge(Caller caller, Act act) {
    Challenges.Nonce nonce = challenges.open(caller, act);
    List<StoredPasskey> keys = StoredPasskey.of(caller.person());
    String options =
        keys.isEmpty() ? null : passkeys.requestJson(keys, ActHash.challenge(act, nonce.text()));
    return new Challenge(nonce.text(), nonce.expires(), options, accepts(caller, keys));
  }

  /**
   * Checks what was offered and stores the proof, in a transaction of its own that stands whatever
   * comes after: a nonce or a code is used up by being shown.
   *
   * @throws CurfewException PROOF_REQUIRED when nothing fit was brought; PROOF_REFUSED; CODE_USED
   *     and THROTTLED with the time to wait; NOT_ALLOWED with it while the credential is too young
   *     for this need
   */
  @Transactional(value = REQUIRES_NEW, dontRollbackOn = CurfewException.class)
  public Proof spend(Caller caller, Act act, Need need, Offered offered) {
    Proof proof = checked(caller, act, need, offered);
    need.refuseUnsettled(proof.credentialSince(), proof.at());
    return proof;
  }

  private Proof checked(Caller caller, Act act, Need need, Offered offered) {
    if (offered != null && offered.hasAssertion()) {
      return byPasskey(caller, act, need, offered);
    }
    if (offered != null && offered.hasCode()) {
      return byCode(caller, act, need, offered);
    }
    if (need.recentEnough()) {
      return byRecent(caller, act, need);
    }
    throw required(need);
  }

  /**
   * Uses the proof for its act, in the flow's own transaction.
   *
   * @throws CurfewException PROOF_REFUSED when it was used before
   */
  @Transactional(MANDATORY)
  public void consume(Proof proof) {
    long used =
        StoredProof.update(
            "consumedAt = ?1 where id = ?2 and consumedAt is null", clocks.now(), proof.id());
    if (used == 0) {
      throw new CurfewException(Fault.PROOF_REFUSED, "this proof was used before; prove it again");
    }
  }

  /** Removes what was asked for and is long over; proofs themselves stay. Answers how many. */
  @Transactional
  public int forgetOld() {
    return challenges.forgetOld();
  }

  private Proof byPasskey(Caller caller, Act act, Need need, Offered offered) {
    if (offered.nonce() == null) {
      throw CurfewException.invalid("proof", "an assertion comes with the nonce it was made for");
    }
    challenges.spend(caller, act, offered.nonce());
    byte[] challenge = ActHash.challenge(act, offered.nonce());
    StoredPasskey key = passkeys.verify(caller.person(), challenge, offered.assertionJson());
    Instant now = clocks.now();
    boolean asCode = key.countsAsCode(now);
    if (asCode && !need.codeEnough()) {
      throw new CurfewException(
          Fault.PROOF_REFUSED,
          "this passkey was added with a code and counts as one until " + key.countsAsCodeUntil);
    }
    key.usedAt = now;
    StoredProof proof = fresh(caller, act, key.id, key.trustedSince, now);
    proof.kind = asCode ? Proof.Kind.CODE : Proof.Kind.BOUND;
    proof.nonce = offered.nonce();
    proof.assertion = offered.assertionJson();
    proof.publicKey = key.publicKey;
    proof.persist();
    return proof.toProof(
        asCode
            ? "passkey added with a code less than 24 h ago, counts as a code"
            : "passkey, bound to this " + words(act));
  }

  private Proof byCode(Caller caller, Act act, Need need, Offered offered) {
    if (!need.codeEnough()) {
      throw required(need);
    }
    StoredTotp totp = codes.claim(caller, offered.code());
    StoredProof proof = fresh(caller, act, "codes", totp.trustedSince, clocks.now());
    proof.kind = Proof.Kind.CODE;
    proof.persist();
    return proof.toProof("code, not bound");
  }

  private Proof byRecent(Caller caller, Act act, Need need) {
    StoredProof earlier =
        recent(caller, need.maxAge())
            .orElseThrow(
                () ->
                    new CurfewException(
                        Fault.PROOF_REQUIRED,
                        "prove that it is you: with a passkey, or with a code from your app"));
    StoredProof proof =
        fresh(caller, act, earlier.credential, earlier.credentialSince, clocks.now());
    proof.kind = Proof.Kind.RECENT;
    proof.earlier = earlier.id;
    proof.persist();
    return proof.toProof("recent, not bound, proof #" + earlier.id);
  }

  private StoredProof fresh(
      Caller caller, Act act, String credential, Instant trustedSince, Instant now) {
    StoredProof proof = new StoredProof();
    proof.id = Ids.next();
    proof.person = caller.person();
    proof.session = caller.session().id();
    proof.act = ActHash.json(act);
    proof.credential = credential;
    proof.credentialSince = laterOf(trustedSince, heldSince(caller.person()));
    proof.at = now;
    return proof;
  }

  private List<String> accepts(Caller caller, List<StoredPasskey> keys) {
    List<String> ways = new ArrayList<>();
    if (!keys.isEmpty()) {
      ways.add("passkey");
    }
    if (StoredTotp.of(caller.person()).isPresent()) {
      ways.add("code");
    }
    if (recent(caller, RECENT_AT_MOST).isPresent()) {
      ways.add("recent");
    }
    return ways;
  }

  private Optional<StoredProof> recent(Caller caller, Duration maxAge) {
    return StoredProof.latest(caller.person(), caller.session().id(), clocks.now().minus(maxAge));
  }

  private static Instant heldSince(String person) {
    return CodeGuard.<CodeGuard>findByIdOptional(person)
        .map(guard -> guard.heldSince)
        .orElse(Instant.EPOCH);
  }

  private static Instant laterOf(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  private static CurfewException required(Need need) {
    return new CurfewException(
        Fault.PROOF_REQUIRED,
        need.codeEnough()
            ? "prove that it is you: with a passkey, or with a code from your app"
            : "this needs a passkey; a code is not enough here");
  }

  private static String words(Act act) {
    return act.name().equals("ask") ? "request" : act.name();
  }
}

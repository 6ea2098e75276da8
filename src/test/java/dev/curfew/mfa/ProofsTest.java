package dev.curfew.mfa;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.account.Person;
import dev.curfew.identity.Caller;
import dev.curfew.testing.Cast;
import dev.curfew.testing.Store;
import dev.curfew.testing.VirtualPasskey;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(Store.class)
class ProofsTest {

  private static final Act VOTE =
      Act.of("vote", Map.of("request", "r1", "choice", "approve", "shown", "hash"));
  private static final Need BOUND = Need.vote(false);

  @Inject Cast cast;
  @Inject Proofs proofs;
  @Inject Enrolment enrolment;
  @Inject KeysFlow keysFlow;
  @Inject Keys keys;

  private Person person;
  private Caller caller;
  private VirtualPasskey passkey;

  @BeforeEach
  void somebodyWithAPasskey() {
    person = cast.person("Ann", "dba-oncall");
    caller = cast.caller(person);
    passkey = VirtualPasskey.ofTheDefaultSite();
    enrol(caller, passkey);
  }

  @Test
  void aPasskeySignsExactlyThisAct() {
    Proof proof = proofs.spend(caller, VOTE, BOUND, signed(VOTE));
    assertEquals(Proof.Kind.BOUND, proof.kind());
    assertEquals("passkey, bound to this vote", proof.words());
    assertEquals(person.id(), proof.person());
  }

  @Test
  void itDoesNotFitAnotherAct() {
    Offered offered = signed(VOTE);
    assertRefused(Fault.PROOF_REFUSED, VOTE.with("choice", "deny"), offered);
    assertRefused(Fault.PROOF_REFUSED, VOTE, offered);
  }

  @Test
  void itIsWorthOneUse() {
    Offered offered = signed(VOTE);
    proofs.spend(caller, VOTE, BOUND, offered);
    assertRefused(Fault.PROOF_REFUSED, VOTE, offered);
  }

  @Test
  void anotherSessionOfTheSamePersonCannotUseIt() {
    Offered offered = signed(VOTE);
    CurfewException refusal =
        assertThrows(
            CurfewException.class, () -> proofs.spend(cast.caller(person), VOTE, BOUND, offered));
    assertEquals(Fault.PROOF_REFUSED, refusal.fault());
    proofs.spend(caller, VOTE, BOUND, offered);
  }

  @Test
  void anotherPersonsPasskeyDoesNotFit() {
    Challenge challenge = proofs.challenge(caller, VOTE);
    Person other = cast.person("Abe");
    VirtualPasskey theirs = VirtualPasskey.ofTheDefaultSite();
    enrol(cast.caller(other), theirs);
    assertRefused(
        Fault.PROOF_REFUSED,
        VOTE,
        Offered.assertion(challenge.nonce(), theirs.sign(challenge.publicKeyJson())));
  }

  @Test
  void aPasskeyOfAnotherSiteOrWithoutVerificationDoesNotFit() {
    for (VirtualPasskey wrong :
        new VirtualPasskey[] {
          new VirtualPasskey("http://localhost:9999", "localhost"),
          VirtualPasskey.ofTheDefaultSite().withoutVerification()
        }) {
      Caller somebody = cast.caller(cast.person("Eve"));
      assertThrows(CurfewException.class, () -> enrol(somebody, wrong));
    }
    passkey.withoutVerification();
    assertRefused(Fault.PROOF_REFUSED, VOTE, signed(VOTE));
  }

  @Test
  void itIsTooLateAfterTwoMinutes() {
    Offered offered = signed(VOTE);
    cast.run(
        "update proof_challenge set expires_at = expires_at - interval '121 s' where nonce = ?",
        offered.nonce());
    assertRefused(Fault.PROOF_REFUSED, VOTE, offered);
  }

  @Test
  void aCodeIsWorthOneUseOverAllActs() {
    Need need = Need.vote(true);
    Proof proof = proofs.spend(caller, VOTE, need, cast.offeredCode(person));
    assertEquals("code, not bound", proof.words());
    CurfewException again =
        assertThrows(
            CurfewException.class,
            () ->
                proofs.spend(
                    caller, Act.of("pick-up"), Need.pickUp(false), Offered.code(cast.codeNow())));
    assertEquals(Fault.CODE_USED, again.fault());
    assertTrue(again.retryAfter().orElseThrow().toSeconds() <= 30);
  }

  @Test
  void aCodeIsNotEnoughWhereAPasskeyIsWanted() {
    assertRefused(Fault.PROOF_REQUIRED, VOTE, cast.offeredCode(person));
    assertRefused(Fault.PROOF_REQUIRED, VOTE, Offered.NOTHING);
  }

  @Test
  void aRecentProofOfTheSameSessionIsEnoughToAsk() {
    Act ask = Act.of("ask", Map.of("entitlement", "orders-db/read-only"));
    Need need = Need.ask(Duration.ofMinutes(15));
    Proof earlier = proofs.spend(caller, VOTE, BOUND, signed(VOTE));
    Proof recent = proofs.spend(caller, ask, need, Offered.NOTHING);
    assertEquals(Proof.Kind.RECENT, recent.kind());
    assertEquals("recent, not bound, proof #" + earlier.id(), recent.words());
    CurfewException elsewhere =
        assertThrows(
            CurfewException.class,
            () -> proofs.spend(cast.caller(person), ask, need, Offered.NOTHING));
    assertEquals(Fault.PROOF_REQUIRED, elsewhere.fault());
  }

  @Test
  void aProofIsConsumedOnce() {
    Proof proof = proofs.spend(caller, VOTE, BOUND, signed(VOTE));
    QuarkusTransaction.requiringNew().run(() -> proofs.consume(proof));
    assertThrows(
        CurfewException.class,
        () -> QuarkusTransaction.requiringNew().run(() -> proofs.consume(proof)));
  }

  @Test
  void theFirstPasskeyAddedWithACodeCountsAsACodeForADay() {
    Person newcomer = cast.person("Nia");
    Caller hers = cast.caller(newcomer);
    VirtualPasskey first = VirtualPasskey.ofTheDefaultSite();
    Enrolment.Creation creation = enrolment.startPasskey(hers, newcomer.user());
    keysFlow.addPasskey(
        hers,
        newcomer.user(),
        new Enrolment.NewPasskey(creation.nonce(), first.make(creation.publicKeyJson()), "First"),
        cast.offeredCode(newcomer));
    Challenge challenge = proofs.challenge(hers, VOTE);
    Offered offered = Offered.assertion(challenge.nonce(), first.sign(challenge.publicKeyJson()));
    assertEquals(
        Fault.PROOF_REFUSED,
        assertThrows(CurfewException.class, () -> proofs.spend(hers, VOTE, BOUND, offered))
            .fault());
    Challenge second = proofs.challenge(hers, VOTE);
    Proof asCode =
        proofs.spend(
            hers,
            VOTE,
            Need.vote(true),
            Offered.assertion(second.nonce(), first.sign(second.publicKeyJson())));
    assertEquals(Proof.Kind.CODE, asCode.kind());
  }

  @Test
  void twentyWrongCodesInARowTurnCodesOff() {
    for (int i = 0; i < 20; i++) {
      cast.run("update code_guard set next_at = null where person = ?", person.id());
      assertThrows(
          CurfewException.class,
          () -> proofs.spend(caller, VOTE, Need.vote(true), Offered.code("000000")));
    }
    cast.run("update code_guard set next_at = null where person = ?", person.id());
    CurfewException off =
        assertThrows(
            CurfewException.class,
            () -> proofs.spend(caller, VOTE, Need.vote(true), cast.offeredCode(person)));
    assertTrue(off.getMessage().contains("off"));
    assertEquals(
        Proof.Kind.BOUND, proofs.spend(caller, VOTE, BOUND, signed(VOTE)).kind(), "passkeys go on");
  }

  @Test
  void aRecoveryCodeIsNeverAProofAndStartsTheHold() {
    Person newcomer = cast.person("Nia");
    Caller hers = cast.caller(newcomer);
    String code = enrol(hers, VirtualPasskey.ofTheDefaultSite()).get(0);
    assertThrows(
        CurfewException.class, () -> proofs.spend(hers, VOTE, Need.vote(true), Offered.code(code)));
    enrolment.recover(hers, code, () -> {});
    assertThrows(
        CurfewException.class, () -> enrolment.recover(hers, code, () -> {}), "it works once");
    assertHeld(hers, Need.vote(true), cast.offeredCode(newcomer));
    assertHeld(hers, Need.admin(true), cast.offeredCode(newcomer));
    proofs.spend(hers, VOTE, Need.atOnce(true), cast.offeredCode(newcomer));
    cast.run(
        "update code_guard set held_since = held_since - interval '24 hours 1 minute'"
            + " where person = ?",
        newcomer.id());
    proofs.spend(hers, VOTE, Need.admin(true), cast.offeredCode(newcomer));
    assertFalse(keys.of(newcomer.id()).none());
  }

  @Test
  void aKeyMadeAfterTheFirstDayWaitsADayBeforeItDecides() {
    assertEquals(Proof.Kind.BOUND, proofs.spend(caller, VOTE, BOUND, signed(VOTE)).kind());
    cast.run(
        "update passkey set trusted_since = clock_timestamp() - interval '23 hours 59 minutes'"
            + " where person = ?",
        person.id());
    assertHeld(caller, BOUND, signed(VOTE));
    assertHeld(caller, Need.admin(false), signed(VOTE));
    proofs.spend(caller, VOTE, Need.atOnce(false), signed(VOTE));
    cast.run(
        "update passkey set trusted_since = clock_timestamp() - interval '24 hours 1 minute'"
            + " where person = ?",
        person.id());
    proofs.spend(caller, VOTE, Need.admin(false), signed(VOTE));
  }

  /** Refused, saying when the wait ends, in words and for a script. */
  private void assertHeld(Caller who, Need need, Offered offered) {
    CurfewException held =
        assertThrows(CurfewException.class, () -> proofs.spend(who, VOTE, need, offered));
    assertEquals(Fault.NOT_ALLOWED, held.fault());
    assertTrue(held.getMessage().matches(".*counts for this from 20\\S+Z on.*"), held.getMessage());
    assertTrue(held.retryAfter().orElseThrow().compareTo(Need.SETTLES_AFTER) <= 0);
  }

  private Offered signed(Act act) {
    Challenge challenge = proofs.challenge(caller, act);
    return Offered.assertion(challenge.nonce(), passkey.sign(challenge.publicKeyJson()));
  }

  private void assertRefused(Fault fault, Act act, Offered offered) {
    CurfewException refusal =
        assertThrows(CurfewException.class, () -> proofs.spend(caller, act, BOUND, offered));
    assertEquals(fault, refusal.fault());
  }

  private java.util.List<String> enrol(Caller who, VirtualPasskey key) {
    Enrolment.Creation creation = enrolment.startPasskey(who, "somebody");
    Enrolment.NewPasskey made =
        new Enrolment.NewPasskey(creation.nonce(), key.make(creation.publicKeyJson()), "Key");
    return QuarkusTransaction.requiringNew()
        .call(() -> enrolment.addPasskey(who, "somebody", made, null));
  }
}

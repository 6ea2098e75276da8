package dev.curfew.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.mfa.Act;
import dev.curfew.mfa.Proofs;
import dev.curfew.testing.Browser;
import dev.curfew.testing.Cast;
import dev.curfew.testing.Store;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(Store.class)
class LeftoversTest {

  @Inject Cast cast;
  @Inject Proofs proofs;
  @Inject Leftovers leftovers;

  @Test
  void whatIsLongOverGoesAndWhatLivesStays() {
    leftovers.forget();
    Person old = cast.person("Old");
    Person living = cast.person("Living");
    Browser.signedIn(cast, old);
    cast.token(old);
    proofs.challenge(cast.caller(old), Act.of("token-create"));
    cast.run(
        "update web_session set until = until - interval '40 days' where person = ?", old.id());
    cast.run(
        "update personal_token set ended_at = created_at - interval '40 days' where person = ?",
        old.id());
    cast.run(
        "update proof_challenge set expires_at = expires_at - interval '2 hours' where person = ?",
        old.id());
    Browser browser = Browser.signedIn(cast, living);
    cast.token(living);
    proofs.challenge(cast.caller(living), Act.of("token-create"));

    assertEquals(3, leftovers.forget());
    assertEquals(0, leftovers.forget());
    assertEquals(200, browser.get("/keys").statusCode());
    assertTrue(proofs.challenge(cast.caller(living), Act.of("token-create")).nonce() != null);
  }

  @Test
  void aDelayIsForgottenAnHourAfterTheLastTry() {
    new Browser().password("nobody-left-over", "wrong wrong wrong");
    cast.run(
        "update sign_in_delay set last_at = last_at - interval '61 minutes',"
            + " next_at = next_at - interval '61 minutes'");
    assertTrue(leftovers.forget() >= 2, "of the account and of the address");
  }
}

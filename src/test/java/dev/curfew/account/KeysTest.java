package dev.curfew.account;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.testing.Browser;
import dev.curfew.testing.Cast;
import dev.curfew.testing.Prover;
import dev.curfew.testing.Store;
import dev.curfew.testing.VirtualPasskey;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What people keep themselves: keys, codes, the password, and where they are signed in. */
@QuarkusTest
@WithTestResource(Store.class)
class KeysTest {

  private static final String OPTIONS = "/keys/passkey-options";
  private static final String NEW = "another short sentence";

  @Inject Cast cast;

  private Person erin;
  private Browser browser;

  @BeforeEach
  void somebodyWithAnApp() {
    cast.run("delete from sign_in_delay");
    erin = cast.person("Erin");
    browser = Browser.signedIn(cast, erin);
  }

  @Test
  void theFirstPasskeyMayBeAddedWithACodeAndCountsAsOne() {
    VirtualPasskey first = VirtualPasskey.ofTheDefaultSite();
    Map<String, Object> form = new HashMap<>(Prover.made(browser, first, OPTIONS));
    assertEquals(401, browser.post("/keys", form).statusCode(), "not without a proof");
    form = new HashMap<>(Prover.made(browser, first, OPTIONS));
    form.put("proof_code", cast.code(erin));
    Response added = browser.post("/keys", form);
    assertEquals(200, added.statusCode(), added.asString());
    assertEquals(10, recoveryCodes(added).size(), "there were none before");
    assertTrue(browser.get("/keys").asString().contains("counts as a code until"));

    Map<String, Object> second =
        new HashMap<>(Prover.made(browser, VirtualPasskey.ofTheDefaultSite(), OPTIONS));
    second.put("proof_code", cast.code(erin));
    assertEquals(401, browser.post("/keys", second).statusCode(), "a code adds the first alone");
    Map<String, Object> bySuchAKey =
        new HashMap<>(Prover.made(browser, VirtualPasskey.ofTheDefaultSite(), OPTIONS));
    bySuchAKey.putAll(Prover.form(browser, first, "key-add", Map.of()));
    assertEquals(403, browser.post("/keys", bySuchAKey).statusCode());
  }

  @Test
  void aPasskeyAddsAndRemovesOthersAndTheLastFactorStays() {
    VirtualPasskey first = cast.passkey(erin);
    Map<String, Object> form =
        new HashMap<>(Prover.made(browser, VirtualPasskey.ofTheDefaultSite(), OPTIONS));
    form.putAll(Prover.form(browser, first, "key-add", Map.of()));
    assertEquals(303, browser.post("/keys", form).statusCode());
    String token = cast.token(erin);
    List<String> ids = keys(token);
    assertEquals(2, ids.size());

    String path = "/keys/" + ids.get(1) + "/remove";
    assertEquals(401, browser.post(path, Map.of("key", ids.get(1))).statusCode());
    Response code = browser.post(path, Map.of("key", ids.get(1), "proof_code", "765432"));
    assertEquals(401, code.statusCode());
    assertFalse(code.asString().contains("765432"), "a code does not come back");
    Map<String, Object> other =
        Prover.form(browser, first, "key-remove", Map.of("key", ids.get(0)));
    assertEquals(403, browser.post(path, other).statusCode(), "a proof for the other key");
    assertEquals(303, remove(first, ids.get(1)).statusCode());
    assertEquals(ids.subList(0, 1), keys(token));

    Response codes =
        browser.post("/keys/codes/remove", Prover.form(browser, first, "codes-remove", Map.of()));
    assertEquals(303, codes.statusCode(), codes.asString());
    assertEquals(409, remove(first, ids.get(0)).statusCode(), "the last one stays");
    assertEquals(
        404, browser.post("/keys/" + somebodyElsesKey() + "/remove", Map.of()).statusCode());
  }

  @Test
  void newRecoveryCodesTakeThePlaceOfTheOld() {
    VirtualPasskey key = cast.passkey(erin);
    assertEquals(401, browser.post("/keys/recovery", Map.of()).statusCode());
    List<String> old = renewed(key);
    List<String> fresh = renewed(key);
    assertEquals(10, fresh.size());
    Browser lost = new Browser();
    lost.password(erin.user(), Cast.PASSWORD);
    assertEquals(403, lost.post("/sign-in/recovery", Map.of("code", old.get(0))).statusCode());
    assertEquals(303, lost.post("/sign-in/recovery", Map.of("code", fresh.get(0))).statusCode());
  }

  @Test
  void aRecoveryCodeOpensEnrolmentAloneAndEndsTheRest() {
    VirtualPasskey key = cast.passkey(erin);
    String code = renewed(key).get(3);
    String token = cast.token(erin);
    Browser lost = new Browser();
    lost.password(erin.user(), Cast.PASSWORD);
    assertEquals(
        403, lost.post("/sign-in/second", Map.of("proof_code", code)).statusCode(), "no proof");
    Response recovered = lost.post("/sign-in/recovery", Map.of("code", code));
    assertEquals(303, recovered.statusCode());

    assertEquals(401, me(token).statusCode(), "tokens ended");
    assertTrue(browser.get("/").header("Location").contains("/sign-in"), "sessions ended");
    for (String page : List.of("/", "/keys", "/catalog")) {
      assertTrue(lost.get(page).header("Location").endsWith("/enrol"), page);
    }
    lost.get("/enrol");
    VirtualPasskey fresh = VirtualPasskey.ofTheDefaultSite();
    Response done = lost.post("/enrol/passkey", Prover.made(lost, fresh, "/enrol/passkey-options"));
    assertEquals(303, done.statusCode(), "nine codes are left");
    assertTrue(lost.get("/keys").asString().contains("9 left"));
    Browser twice = new Browser();
    twice.password(erin.user(), Cast.PASSWORD);
    assertEquals(403, twice.post("/sign-in/recovery", Map.of("code", code)).statusCode());
  }

  @Test
  void signingOutEverywhereEndsBrowsersTokensAndWhatTheyWereTradedFor() {
    Browser other = Browser.signedIn(cast, erin);
    String token = cast.token(erin);
    String jwt = traded(token);
    assertEquals(200, me(jwt).statusCode());
    assertEquals(303, browser.post("/sign-out/everywhere", Map.of()).statusCode());
    for (Browser each : List.of(browser, other)) {
      assertTrue(each.get("/keys").header("Location").contains("/sign-in"));
    }
    assertEquals(401, me(token).statusCode());
    assertEquals(401, me(jwt).statusCode());
  }

  @Test
  void aNewPasswordNeedsTheOldOneAndAProofAndSignsTheOthersOut() {
    Browser other = Browser.signedIn(cast, erin);
    assertEquals(401, change(Cast.PASSWORD, NEW, "").statusCode(), "no proof");
    assertEquals(400, change("not the one it is", NEW, cast.code(erin)).statusCode());
    Response tooShort = change(Cast.PASSWORD, "x2345678901", cast.code(erin));
    assertEquals(400, tooShort.statusCode());
    assertTrue(tooShort.asString().contains("12 to 72 bytes"));
    assertEquals(200, other.get("/keys").statusCode(), "nothing happened so far");

    Response changed = change(Cast.PASSWORD, NEW, cast.code(erin));
    assertEquals(303, changed.statusCode(), changed.asString());
    assertEquals(200, browser.get("/keys").statusCode());
    assertTrue(other.get("/keys").header("Location").contains("/sign-in"));
    assertEquals(401, new Browser().password(erin.user(), Cast.PASSWORD).statusCode());
    assertEquals(303, new Browser().password(erin.user(), NEW).statusCode());
  }

  @Test
  void aWrongOldPasswordIsThrottledLikeASignIn() {
    Response last = null;
    for (int i = 0; i < 6; i++) {
      last = change("not the one it is", NEW, "");
    }
    assertEquals(429, last.statusCode());
    assertTrue(Integer.parseInt(last.header("Retry-After")) >= 1);
  }

  @Test
  void theApiChangesAPasswordToo() {
    VirtualPasskey key = cast.passkey(erin);
    String token = cast.token(erin);
    Map<String, Object> body = new HashMap<>(Map.of("old", Cast.PASSWORD, "chosen", NEW));
    assertEquals("proof-required", post(token, body).jsonPath().getString("code"));
    body.put("proof", Prover.proof(token, key, "password-change", Map.of()));
    assertEquals(204, post(token, body).statusCode());
    assertTrue(browser.get("/keys").header("Location").contains("/sign-in"));
    assertEquals(200, me(token).statusCode(), "tokens stay");
    String narrow = cast.token(erin, dev.curfew.identity.Scope.READ);
    assertEquals(403, post(narrow, body).statusCode());
  }

  private Response change(String old, String chosen, String code) {
    return browser.post(
        "/keys/password",
        Map.of("old", old, "password", chosen, "again", chosen, "proof_code", code));
  }

  private Response remove(VirtualPasskey by, String key) {
    return browser.post(
        "/keys/" + key + "/remove", Prover.form(browser, by, "key-remove", Map.of("key", key)));
  }

  private List<String> renewed(VirtualPasskey key) {
    return recoveryCodes(
        browser.post("/keys/recovery", Prover.form(browser, key, "recovery-renew", Map.of())));
  }

  private String somebodyElsesKey() {
    Person abe = cast.person("Abe");
    cast.passkey(abe);
    return keys(cast.token(abe)).get(0);
  }

  private static List<String> keys(String token) {
    return given()
        .header("Authorization", "Bearer " + token)
        .get("/api/v1/keys")
        .jsonPath()
        .getList("passkeys.id");
  }

  private static String traded(String token) {
    return given()
        .header("Authorization", "Bearer " + token)
        .post("/api/v1/token")
        .jsonPath()
        .getString("token");
  }

  private static Response post(String token, Map<String, ?> body) {
    return given()
        .header("Authorization", "Bearer " + token)
        .contentType("application/json")
        .body(body)
        .post("/api/v1/password");
  }

  private static Response me(String token) {
    return given().header("Authorization", "Bearer " + token).get("/api/v1/me");
  }

  private static List<String> recoveryCodes(Response page) {
    return Pattern.compile("<li>([a-z2-7]{4}(?:-[a-z2-7]{4}){3})</li>")
        .matcher(page.asString())
        .results()
        .map(match -> match.group(1))
        .toList();
  }
}

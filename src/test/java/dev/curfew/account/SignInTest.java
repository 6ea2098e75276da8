package dev.curfew.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.mfa.Hashes;
import dev.curfew.mfa.Seeds;
import dev.curfew.testing.Browser;
import dev.curfew.testing.Cast;
import dev.curfew.testing.Store;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(Store.class)
class SignInTest {

  @Inject Cast cast;
  @Inject Seeds seeds;
  @Inject Throttle throttle;
  @Inject DataSource store;

  @BeforeEach
  void thisAddressIsForgiven() {
    cast.run("delete from sign_in_delay");
  }

  @Test
  void passwordAndCodeLeadIn() {
    Person person = cast.person("Erin");
    Browser browser = new Browser();

    Response first = browser.password(person.user(), Cast.PASSWORD);
    assertEquals(303, first.statusCode());
    String halfWay = browser.cookie();
    assertEquals(303, browser.get("/keys").statusCode(), "a password alone reaches nothing");

    Response second =
        browser.post("/sign-in/second", Map.of("proof_code", cast.code(person), "to", "/keys"));
    assertEquals(303, second.statusCode(), second.asString());
    assertTrue(second.header("Location").endsWith("/keys"));
    assertNotEquals(halfWay, browser.cookie(), "the cookie is a new one");
    assertEquals(200, browser.get("/keys").statusCode());
  }

  @Test
  void aPasswordAloneReachesNoPageAndNoAct() {
    Person person = cast.person("Erin", "administrators");
    Browser browser = new Browser();
    browser.password(person.user(), Cast.PASSWORD);

    for (String page : new String[] {"/", "/keys", "/catalog", "/history", "/admin/people"}) {
      Response answer = browser.get(page);
      assertEquals(303, answer.statusCode(), page);
      assertTrue(answer.header("Location").endsWith("/sign-in/second"), page);
    }
    Response proof = browser.ask("/proofs", Map.of("act", "token-create", "body", "{}"));
    assertEquals(401, proof.statusCode());
    assertEquals("second-factor-required", proof.jsonPath().getString("code"));
    assertEquals(303, browser.get("/enrol").statusCode(), "nor can it enrol a factor of its own");
    assertEquals(401, browser.ask("/enrol/passkey-options", Map.of()).statusCode());
  }

  @Test
  void wrongPasswordAndUnknownNameGetTheSameAnswer() {
    Person person = cast.person("Erin");
    Response wrong = new Browser().password(person.user(), "not the password at all");
    Response unknown = new Browser().password("nobody-of-this-name", "not the password at all");
    assertEquals(401, wrong.statusCode());
    assertEquals(401, unknown.statusCode());
    assertEquals(
        wrong.asString().replaceAll("data-now=\"[^\"]*\"", ""),
        unknown.asString().replaceAll("data-now=\"[^\"]*\"", ""));
  }

  @Test
  void anUnknownNameCostsAsMuchWorkAsAKnownOne() {
    String hash = Password.chosen(Cast.PASSWORD).hash();
    long known = fastest(hash);
    long unknown = fastest(null);
    assertTrue(
        unknown > known / 2 && unknown < known * 2,
        "known " + known + " ns, unknown " + unknown + " ns");
  }

  private static long fastest(String hash) {
    long best = Long.MAX_VALUE;
    for (int i = 0; i < 4; i++) {
      long start = System.nanoTime();
      assertFalse(Password.typed("wrong wrong wrong").matches(hash));
      best = Math.min(best, System.nanoTime() - start);
    }
    return best;
  }

  @Test
  void manyWrongPasswordsDelayTheAccountKnownOrNot() {
    for (String user : new String[] {cast.person("Erin").user(), "nobody-at-all"}) {
      Response last = null;
      for (int i = 0; i < 6; i++) {
        last = new Browser().password(user, "wrong wrong wrong");
      }
      assertEquals(429, last.statusCode(), user);
      assertTrue(Integer.parseInt(last.header("Retry-After")) >= 1);
    }
  }

  @Test
  void aPasswordTypedIntoTheWrongFieldCannotBeGuessedFromTheStore() throws SQLException {
    String mistyped = "my secret password 1";
    new Browser().password(mistyped, "wrong wrong wrong");
    assertEquals(1, delays("account:" + seeds.hidden("sign-in delay", mistyped)));
    assertEquals(
        0, delays("account:" + Hashes.sha256(mistyped)), "whoever has a copy can hash too");
    assertNotEquals(
        seeds.hidden("sign-in delay", mistyped), seeds.hidden("something else", mistyped));
  }

  private long delays(String key) throws SQLException {
    try (Connection connection = store.getConnection();
        PreparedStatement query =
            connection.prepareStatement("select count(*) from sign_in_delay where key = ?")) {
      query.setString(1, key);
      try (ResultSet row = query.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  @Test
  void manyTriesFromOneAddressDelayItForEveryAccount() {
    new Browser().password(cast.person("Erin").user(), "wrong wrong wrong");
    cast.run("update sign_in_delay set failures = 29 where key like 'address:%'");
    assertEquals(401, new Browser().password("one", "wrong wrong wrong").statusCode());
    cast.run(
        "update sign_in_delay set next_at = clock_timestamp() + interval '1 minute'"
            + " where key like 'address:%' and next_at > last_at");
    Response other = new Browser().password(cast.person("Abe").user(), Cast.PASSWORD);
    assertEquals(429, other.statusCode(), "the right password too");
  }

  @Test
  void severalPeopleSignInAtOnceFromAnAddressNobodyCameFromBefore() throws Exception {
    int people = 6;
    ExecutorService desks = Executors.newFixedThreadPool(people);
    try {
      for (int round = 0; round < 20; round++) {
        String address = "192.0.2." + round;
        CyclicBarrier door = new CyclicBarrier(people);
        List<Future<?>> tries = new ArrayList<>();
        for (int i = 0; i < people; i++) {
          String user = "person-" + round + "-" + i;
          tries.add(
              desks.submit(
                  () -> {
                    door.await();
                    throttle.enter(user, address);
                    throttle.succeeded(user, address);
                    return null;
                  }));
        }
        for (Future<?> each : tries) {
          each.get();
        }
      }
    } finally {
      desks.shutdownNow();
    }
  }

  @Test
  void aLinkWithALonePercentSignBreaksNoSignIn() {
    Person person = cast.person("Erin");
    Browser browser = new Browser();
    browser.password(person.user(), Cast.PASSWORD);
    Response second =
        browser.post("/sign-in/second", Map.of("proof_code", cast.code(person), "to", "/a%"));
    assertEquals(303, second.statusCode());
    assertEquals(200, browser.get("/keys").statusCode());
    assertEquals(303, browser.get("/sign-in?to=/a%25").statusCode());
  }

  @Test
  void fiveWrongCodesDelayTheNextOneEvenIfItIsRight() {
    Person person = cast.person("Erin");
    Browser browser = new Browser();
    browser.password(person.user(), Cast.PASSWORD);
    for (int i = 0; i < 5; i++) {
      assertEquals(
          403, browser.post("/sign-in/second", Map.of("proof_code", "000000")).statusCode());
    }
    Response right = browser.post("/sign-in/second", Map.of("proof_code", cast.code(person)));
    assertEquals(429, right.statusCode());
    int wait = Integer.parseInt(right.header("Retry-After"));
    assertTrue(wait > 20 && wait <= 30, "waits " + wait + " s");
  }

  @Test
  void signingOutIsAtOnce() {
    Person person = cast.person("Erin");
    Browser browser = Browser.signedIn(cast, person);
    String cookie = browser.cookie();
    assertEquals(303, browser.post("/sign-out", Map.of()).statusCode());
    Response after = new Browser().spec().cookie("curfew", cookie).get("/keys");
    assertEquals(303, after.statusCode());
    assertTrue(after.header("Location").contains("/sign-in"));
  }

  @Test
  void anExpiredCookieDoesNotCloseAPublicPage() {
    assertEquals(
        200, new Browser().spec().cookie("curfew", "long-gone").get("/sign-in").statusCode());
  }

  @Test
  void onlyAPathOfOursIsGoneOnTo() {
    for (String evil : new String[] {"//evil.example", "https://evil.example", "/\\evil.example"}) {
      Person person = cast.person("Erin");
      Browser browser = new Browser();
      browser.password(person.user(), Cast.PASSWORD);
      Response answer =
          browser.post("/sign-in/second", Map.of("proof_code", cast.code(person), "to", evil));
      assertFalse(answer.header("Location").contains("evil"), evil);
    }
  }
}

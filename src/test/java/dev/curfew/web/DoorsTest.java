package dev.curfew.web;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.account.Person;
import dev.curfew.identity.Scope;
import dev.curfew.testing.Browser;
import dev.curfew.testing.Cast;
import dev.curfew.testing.Store;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(Store.class)
class DoorsTest {

  @Inject Cast cast;
  @Inject DataSource store;

  @ConfigProperty(name = "quarkus.datasource.jdbc.max-size")
  int connections;

  @Test
  void aFormFromAnotherSiteIsRefusedWhateverItsContentType() {
    Browser browser = Browser.signedIn(cast, cast.person("Erin"));
    for (String type :
        new String[] {"text/plain", "application/x-www-form-urlencoded", "application/json"}) {
      Response answer =
          browser
              .spec()
              .header("Sec-Fetch-Site", "cross-site")
              .header("Origin", "https://evil.example")
              .contentType(type)
              .body("_csrf=" + browser.token())
              .post("/sign-out/everywhere");
      assertTrue(answer.statusCode() == 403 || answer.statusCode() == 415, type);
    }
    Response bodyless =
        browser.spec().header("Origin", "https://evil.example").post("/sign-out/everywhere");
    assertTrue(bodyless.statusCode() == 403 || bodyless.statusCode() == 415);
    assertEquals(200, browser.get("/keys").statusCode(), "still signed in");
  }

  @Test
  void aFormWithoutTheSessionsTokenIsRefused() {
    Browser browser = Browser.signedIn(cast, cast.person("Erin"));
    Browser other = Browser.signedIn(cast, cast.person("Abe"));
    for (String token : new String[] {"", "guessed", other.token()}) {
      Response answer =
          browser
              .spec()
              .header("Sec-Fetch-Site", "same-origin")
              .contentType("application/x-www-form-urlencoded")
              .formParam("_csrf", token)
              .post("/sign-out/everywhere");
      assertEquals(403, answer.statusCode());
    }
    assertEquals(303, browser.post("/sign-out/everywhere", Map.of()).statusCode());
  }

  @Test
  void whereABrowserSendsNoFetchSiteTheOriginCounts() {
    Browser browser = Browser.signedIn(cast, cast.person("Erin"));
    Response ours =
        browser
            .spec()
            .header("Origin", "http://localhost:8080")
            .contentType("application/x-www-form-urlencoded")
            .formParam("_csrf", browser.token())
            .post("/sign-out");
    assertEquals(303, ours.statusCode());
  }

  @Test
  void pagesIgnoreBearersAndTheApiIgnoresCookies() {
    Person person = cast.person("Erin");
    Browser browser = Browser.signedIn(cast, person);
    assertEquals(401, browser.spec().get("/api/v1/me").statusCode());
    given()
        .redirects()
        .follow(false)
        .header("Authorization", "Bearer " + cast.token(person))
        .get("/keys")
        .then()
        .statusCode(303);
    Response me = given().header("Authorization", "Bearer " + cast.token(person)).get("/api/v1/me");
    assertEquals(person.id(), me.jsonPath().getString("person"));
    assertEquals("no-store", me.header("Cache-Control"));
  }

  @Test
  void aJwtWorksUntilItsTokenEnds() {
    String token = cast.token(cast.person("Erin"), Scope.READ);
    String jwt =
        given()
            .header("Authorization", "Bearer " + token)
            .post("/api/v1/token")
            .jsonPath()
            .getString("token");
    given().header("Authorization", "Bearer " + jwt).get("/api/v1/me").then().statusCode(200);
    given()
        .header("Authorization", "Bearer " + token)
        .post("/api/v1/sign-out")
        .then()
        .statusCode(204);
    given().header("Authorization", "Bearer " + jwt).get("/api/v1/me").then().statusCode(401);
    String[] parts = jwt.split("\\.");
    String forged = parts[0] + "." + parts[1] + "." + parts[2].replaceFirst("^.", "A");
    given().header("Authorization", "Bearer " + forged).get("/api/v1/me").then().statusCode(401);
  }

  @Test
  void aJwtIsNotTradedForAnother() {
    String token = cast.token(cast.person("Erin"));
    String jwt = call(token, "POST", "/token").jsonPath().getString("token");
    Response again = call(jwt, "POST", "/token");
    assertEquals(403, again.statusCode());
    assertTrue(again.jsonPath().getString("detail").contains("personal token"));
  }

  @Test
  void aFormFromUnderAForeignNameIsRefused() {
    Browser browser = Browser.signedIn(cast, cast.person("Erin"));
    Response answer =
        browser
            .spec()
            .header("Sec-Fetch-Site", "same-origin")
            .header("Origin", "http://rebound.example")
            .contentType("application/x-www-form-urlencoded")
            .formParam("_csrf", browser.token())
            .post("/sign-out/everywhere");
    assertEquals(403, answer.statusCode());
    assertEquals(200, browser.get("/keys").statusCode(), "still signed in");
  }

  @Test
  void aValueOfTheWrongKindIsRefusedWithItsFieldAndNeverGuessedAt() {
    Map<String, String> bodies =
        Map.of(
            "{\"entitlement\":\"a/b\",\"reason\":\"x\",\"window\":1.9}", "window",
            "{\"entitlement\":\"a/b\",\"reason\":\"x\",\"window\":\"30\"}", "window",
            "{\"entitlement\":\"a/b\",\"reason\":\"x\",\"window\":true}", "window",
            "{\"entitlement\":\"a/b\",\"reason\":5,\"window\":30}", "reason",
            "{\"entitlement\":\"a/b\",\"reason\":false,\"window\":30}", "reason",
            "{\"entitlement\":\"a/b\",\"window\":30,\"proof\":{\"code\":123456}}", "proof.code",
            "{\"entitlement\":\"a/b\",\"window\":30,\"proof\":{\"recent\":1}}", "proof.recent",
            "{\"entitlement\":\"a/b\",\"window\":5,\"window\":400}", "window");
    bodies.forEach(
        (body, field) -> {
          Response answer = api().body(body).post("/api/v1/requests");
          assertEquals(400, answer.statusCode(), body);
          assertEquals("invalid", answer.jsonPath().getString("code"), body);
          assertEquals(field, answer.jsonPath().getString("field"), body);
        });
    Response vote = api().body("{\"choice\":0}").post("/api/v1/requests/x/votes");
    assertEquals("choice", vote.jsonPath().getString("field"));
  }

  @Test
  void whatFollowsTheBodyIsRefused() {
    for (String more : new String[] {" garbage", "{}", "]", " 1"}) {
      Response answer = api().body("{\"act\":\"vote\",\"body\":{}}" + more).post("/api/v1/proofs");
      assertEquals(400, answer.statusCode(), more);
    }
    assertEquals(
        200, api().body("{\"act\":\"vote\",\"body\":{}} \n").post("/api/v1/proofs").statusCode());
  }

  @Test
  void anAskThatNamesNothingSaysSo() {
    for (String path : new String[] {"/api/v1/requests/forecast", "/api/v1/requests"}) {
      Response answer = api().body("{}").post(path);
      assertEquals(400, answer.statusCode(), path);
      assertEquals("entitlement", answer.jsonPath().getString("field"), path);
    }
  }

  @Test
  void aRevocationTakesNoProof() {
    Response answer = api().body("{\"proof\":{\"code\":\"1\"}}").post("/api/v1/grants/x/revoke");
    assertEquals(400, answer.statusCode());
    assertEquals("proof", answer.jsonPath().getString("field"));
  }

  @Test
  void anUnknownFieldIsRefusedWithItsNameAndTheMend() {
    Response answer = api().body("{\"act\":\"vote\",\"bdy\":{}}").post("/api/v1/proofs");
    assertEquals(400, answer.statusCode());
    assertEquals("application/problem+json", answer.contentType().split(";")[0]);
    assertEquals("unknown-field", answer.jsonPath().getString("code"));
    assertEquals("bdy", answer.jsonPath().getString("field"));
    assertTrue(answer.jsonPath().getString("detail").contains("body"));
  }

  @Test
  void whatIsNoJsonIsSaidSo() {
    Response answer = api().body("{\"act\":").post("/api/v1/proofs");
    assertEquals(400, answer.statusCode());
    assertEquals("invalid", answer.jsonPath().getString("code"));
  }

  @Test
  void aBodyTooDeepIsRefused() {
    String deep = "{\"a\":".repeat(40) + "1" + "}".repeat(40);
    Response answer = api().body("{\"act\":\"vote\",\"body\":" + deep + "}").post("/api/v1/proofs");
    assertEquals(400, answer.statusCode(), answer.asString());
    assertEquals("body-too-deep", answer.jsonPath().getString("code"));
  }

  @Test
  void aBodyTooLargeIsRefused() {
    for (int kilobytes : new int[] {65, 300}) {
      Response answer =
          api()
              .body("{\"act\":\"vote\",\"body\":{\"a\":\"" + "x".repeat(kilobytes * 1024) + "\"}}")
              .post("/api/v1/proofs");
      assertEquals(413, answer.statusCode());
      assertEquals("body-too-large", answer.jsonPath().getString("code"));
    }
  }

  @Test
  void anAddressTooLongIsRefusedInWordsAsAProblemOrAPage() {
    Browser browser = Browser.signedIn(cast, cast.person("Erin"));
    for (int kilobytes : new int[] {4, 30}) {
      String query = "?q=" + "x".repeat(kilobytes * 1024);
      Response problem = api().get("/api/v1/catalog" + query);
      assertEquals(414, problem.statusCode());
      assertEquals("address-too-long", problem.jsonPath().getString("code"));
      Response page = browser.get("/catalog" + query);
      assertEquals(414, page.statusCode());
      assertTrue(page.asString().contains("4 KiB"), page.asString());
      assertTrue(page.asString().contains("Sign out"), "as one of our pages");
    }
    assertEquals(200, browser.get("/keys?q=" + "x".repeat(3_000)).statusCode());
  }

  @Test
  void aStoreThatDoesNotAnswerIsSaidSoAndIsNobodysFault() throws SQLException {
    String token = cast.token(cast.person("Erin"));
    Browser browser = Browser.signedIn(cast, cast.person("Abe"));
    List<Connection> all = new ArrayList<>();
    try {
      while (all.size() < connections) {
        all.add(store.getConnection());
      }
      Response problem = call(token, "GET", "/me");
      assertEquals(503, problem.statusCode(), problem.asString());
      assertEquals("store-unavailable", problem.jsonPath().getString("code"));
      assertTrue(Integer.parseInt(problem.header("Retry-After")) >= 1);
      Response page = browser.get("/keys");
      assertEquals(503, page.statusCode());
      assertTrue(page.asString().contains("store does not answer"), page.asString());
    } finally {
      for (Connection each : all) {
        each.close();
      }
    }
    assertEquals(200, call(token, "GET", "/me").statusCode());
    assertEquals(200, browser.get("/keys").statusCode(), "still signed in");
  }

  @Test
  void aFormTooLargeGetsAPage() {
    Browser browser = Browser.signedIn(cast, cast.person("Erin"));
    for (int kilobytes : new int[] {65, 300}) {
      Response answer = browser.post("/keys/recovery", Map.of("a", "x".repeat(kilobytes * 1024)));
      assertEquals(413, answer.statusCode());
      assertTrue(answer.contentType().startsWith("text/html"), answer.contentType());
      assertTrue(answer.asString().contains("64 KiB"), answer.asString());
      assertTrue(answer.asString().contains("Sign out"), "as one of our pages");
    }
    assertEquals(413, new Browser().post("/sign-in", Map.of("a", "x".repeat(70_000))).statusCode());
  }

  @Test
  void aJwtWithoutOurSignatureIsNobodys() {
    String token = cast.token(cast.person("Erin"));
    String jwt =
        given()
            .header("Authorization", "Bearer " + token)
            .post("/api/v1/token")
            .jsonPath()
            .getString("token");
    String claims = jwt.split("\\.")[1];
    for (String header :
        new String[] {"{\"alg\":\"none\"}", "{\"alg\":\"HS256\"}", "{\"alg\":\"ES512\"}"}) {
      String forged =
          Base64.getUrlEncoder().withoutPadding().encodeToString(header.getBytes())
              + "."
              + claims
              + "."
              + (header.contains("none") ? "" : jwt.split("\\.")[2]);
      assertEquals(401, call(forged, "GET", "/me").statusCode(), header);
    }
    assertEquals(200, call(jwt, "GET", "/me").statusCode());
  }

  @Test
  void aTokenDoesWhatItsScopesSayAndNothingElse() {
    Person person = cast.person("Ada", "administrators", "auditors", "engineering");
    Map<Scope, String[]> calls =
        Map.of(
            Scope.READ,
            new String[] {
              "GET /catalog",
              "GET /requests",
              "GET /grants",
              "GET /history",
              "GET /history/export.csv",
              "GET /keys",
              "GET /tokens",
              "GET /sessions"
            },
            Scope.REQUEST,
            new String[] {
              "POST /requests",
              "POST /requests/x/cancel",
              "POST /grants/x/pick-up",
              "POST /grants/x/give-back"
            },
            Scope.APPROVE,
            new String[] {"POST /requests/x/votes"},
            Scope.ADMIN,
            new String[] {
              "GET /people",
              "GET /groups",
              "POST /people",
              "POST /people/x/reset",
              "POST /people/x/join",
              "POST /people/x/leave",
              "POST /people/x/disable",
              "POST /packs/x/accept",
              "POST /tokens",
              "POST /keys/recovery-codes",
              "DELETE /sessions"
            });
    calls.forEach(
        (scope, each) -> {
          Scope[] others = EnumSet.complementOf(EnumSet.of(scope)).toArray(Scope[]::new);
          String token = cast.token(person, others);
          for (String line : each) {
            Response answer = call(token, line.split(" ")[0], line.split(" ")[1]);
            assertTrue(
                answer.statusCode() == 403 || (scope == Scope.ADMIN && answer.statusCode() == 404),
                scope + ": " + line + " answered " + answer.statusCode() + answer.asString());
          }
        });
  }

  @Test
  void aNarrowTokenEndsItselfAndNothingElse() {
    Person person = cast.person("Erin");
    String narrow = cast.token(person, Scope.READ);
    String mine = call(narrow, "GET", "/me").jsonPath().getString("session");
    String whole = cast.token(person);
    String other = call(whole, "GET", "/me").jsonPath().getString("session");
    assertEquals(403, call(narrow, "DELETE", "/tokens/" + other).statusCode());
    assertEquals(204, call(narrow, "DELETE", "/tokens/" + mine).statusCode());
    assertEquals(401, call(narrow, "GET", "/me").statusCode());
    assertEquals(200, call(whole, "GET", "/me").statusCode());
  }

  private static Response call(String bearer, String method, String path) {
    var call = given().header("Authorization", "Bearer " + bearer);
    return method.equals("POST")
        ? call.contentType("application/json")
            .body(
                path.equals("/tokens")
                    ? "{\"name\":\"more\",\"scopes\":[\"admin\"],\"days\":1}"
                    : "{}")
            .post("/api/v1" + path)
        : call.request(method, "/api/v1" + path);
  }

  @Test
  void noPageMayRunWhatIsWrittenIntoIt() {
    Response page = given().get("/sign-in");
    String policy = page.header("Content-Security-Policy");
    assertTrue(policy.contains("default-src 'none'") && !policy.contains("unsafe"));
    assertTrue(policy.contains("frame-ancestors 'none'"));
    assertEquals("nosniff", page.header("X-Content-Type-Options"));
    assertEquals("no-store", page.header("Cache-Control"));
    for (String path : new String[] {"/", "/catalog", "/keys", "/no-such-page"}) {
      assertEquals(
          "text/html;charset=UTF-8",
          Browser.signedIn(cast, cast.person("Erin")).get(path).contentType(),
          path);
    }
    assertTrue(!page.asString().contains("<style") && !page.asString().contains(" style="));
  }

  @Test
  void whatIsNotThereIsAProblemOrAPage() {
    Response problem = api().get("/api/v1/no-such-thing");
    assertEquals(404, problem.statusCode());
    assertEquals("not-found", problem.jsonPath().getString("code"));
    assertEquals(404, given().get("/no-such-page").statusCode());
  }

  @Test
  void peopleAreThereForAdministratorsAlone() {
    api().get("/api/v1/people").then().statusCode(403);
    assertEquals(
        404, Browser.signedIn(cast, cast.person("Erin")).get("/admin/people").statusCode());
    Person admin = cast.person("Ada", "administrators");
    given()
        .header("Authorization", "Bearer " + cast.token(admin))
        .get("/api/v1/people")
        .then()
        .statusCode(200);
    Browser browser = Browser.signedIn(cast, admin);
    assertEquals(200, browser.get("/admin/people").statusCode());
    assertTrue(browser.get("/admin").header("Location").endsWith("/admin/operations"));
    assertEquals(404, Browser.signedIn(cast, cast.person("Erin")).get("/admin").statusCode());
  }

  private io.restassured.specification.RequestSpecification api() {
    return given()
        .contentType("application/json")
        .header("Authorization", "Bearer " + cast.token(cast.person("Erin")));
  }
}

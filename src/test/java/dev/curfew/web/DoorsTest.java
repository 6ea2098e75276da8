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
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(Store.class)
class DoorsTest {

  @Inject Cast cast;

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
  void noPageMayRunWhatIsWrittenIntoIt() {
    Response page = given().get("/sign-in");
    String policy = page.header("Content-Security-Policy");
    assertTrue(policy.contains("default-src 'none'") && !policy.contains("unsafe"));
    assertTrue(policy.contains("frame-ancestors 'none'"));
    assertEquals("nosniff", page.header("X-Content-Type-Options"));
    assertEquals("no-store", page.header("Cache-Control"));
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
    assertEquals(200, Browser.signedIn(cast, admin).get("/admin/people").statusCode());
  }

  private io.restassured.specification.RequestSpecification api() {
    return given()
        .contentType("application/json")
        .header("Authorization", "Bearer " + cast.token(cast.person("Erin")));
  }
}

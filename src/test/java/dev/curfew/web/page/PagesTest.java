package dev.curfew.web.page;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.account.Person;
import dev.curfew.boot.DemoServers;
import dev.curfew.testing.Browser;
import dev.curfew.testing.Cast;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who gets which page, and what is on it, without a real browser. */
@QuarkusTest
@WithTestResource(DemoServers.class)
class PagesTest {

  private static final String READ = "orders-db/read-only";
  private static final List<String> FOR_ALL = List.of("/", "/catalog", "/inbox", "/keys");
  private static final List<String> FOR_AUDITORS = List.of("/history");
  private static final List<String> FOR_ADMINISTRATORS =
      List.of("/admin/targets", "/admin/stuck", "/admin/findings", "/admin/packs", "/admin/people");

  @Inject Cast cast;

  @Test
  void whoIsSignedOutIsSentToSignInAndBack() {
    Browser nobody = new Browser();
    for (String path :
        List.of("/catalog?q=orders", "/admin/packs", "/requests/" + "0".repeat(24))) {
      Response answer = nobody.get(path);
      assertEquals(303, answer.statusCode(), path);
      String to = answer.header("Location");
      String encoded = URLEncoder.encode(path, StandardCharsets.UTF_8);
      assertTrue(to.endsWith("/sign-in?to=" + encoded), to);
      nobody.get("/sign-in?to=" + encoded).then().body(containsString("value=\"" + path + "\""));
    }
  }

  @Test
  void nobodyIsSentToAnotherSiteAfterSignIn() {
    for (String elsewhere :
        List.of(
            "https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)")) {
      Person erin = cast.person("Erin");
      Browser browser = new Browser();
      browser.get("/sign-in");
      browser.password(erin.user(), Cast.PASSWORD);
      Response in =
          browser.post("/sign-in/second", Map.of("proof_code", cast.code(erin), "to", elsewhere));
      assertEquals(303, in.statusCode(), elsewhere);
      assertTrue(in.header("Location").matches("(http://localhost:\\d+)?/"), elsewhere);
    }
  }

  @Test
  void everyPageIsThereForWhomItIsMeantAndForAllOthersThereIsNone() {
    Browser engineer = Browser.signedIn(cast, cast.person("Erin", "engineering"));
    Browser auditor = Browser.signedIn(cast, cast.person("Audra", "auditors"));
    Browser administrator = Browser.signedIn(cast, cast.person("Ada", "administrators"));
    String missing = missing(engineer, "/nothing/here");
    for (Browser anyone : List.of(engineer, auditor, administrator)) {
      FOR_ALL.forEach(path -> found(anyone, path));
    }
    for (String path : FOR_AUDITORS) {
      found(auditor, path);
      found(administrator, path);
      assertEquals(missing, missing(engineer, path), path);
    }
    for (String path : FOR_ADMINISTRATORS) {
      found(administrator, path);
      assertEquals(missing, missing(engineer, path), path);
      assertEquals(missing, missing(auditor, path), path);
    }
  }

  @Test
  void aRequestIsSeenByThoseItConcernsAndIsAbsentForAllOthers() {
    Person erin = cast.person("Erin", "engineering");
    String path = ask(Browser.signedIn(cast, erin), erin, "to see order 4711");
    Browser colleague = Browser.signedIn(cast, cast.person("Carl", "engineering"));
    found(Browser.signedIn(cast, cast.person("Ann", "dba-oncall")), path);
    found(Browser.signedIn(cast, cast.person("Audra", "auditors")), path);
    assertEquals(
        missing(colleague, "/requests/" + "0".repeat(24)), missing(colleague, path), "same page");
  }

  @Test
  void markupInAReasonIsShownAsText() {
    Person erin = cast.person("Erin <i>O'Hara</i>", "engineering");
    Browser browser = Browser.signedIn(cast, erin);
    String path = ask(browser, erin, "\"><script>alert(1)</script> 😀 {cdi:shell.now}");
    for (Browser reader :
        List.of(browser, Browser.signedIn(cast, cast.person("Ann", "dba-oncall")))) {
      reader
          .get(path)
          .then()
          .body(containsString("&lt;script&gt;alert(1)&lt;/script&gt; 😀 {cdi:shell.now}"))
          .body(not(containsString("<script>alert")))
          .body(not(containsString("<i>O")));
      reader.get("/").then().body(not(containsString("<script>alert")));
    }
  }

  @Test
  void aRefusedAskKeepsWhatWasTypedAndSaysWhatToDo() {
    Person erin = cast.person("Erin", "engineering");
    Browser browser = Browser.signedIn(cast, erin);
    readable(browser);
    browser
        .post(
            "/ask",
            Map.of(
                "entitlement", READ,
                "window", "45",
                "reason", " ",
                "ticket", "OPS-12 \"x\"",
                "idempotency_key", "0123456789abcdef01234567",
                "proof_code", cast.code(erin)))
        .then()
        .statusCode(400)
        .body(containsString("value=\"45\""))
        .body(containsString("OPS-12 &quot;x&quot;"))
        .body(containsString("id=\"reason-error\">"));
  }

  @Test
  void aReasonMayBeTwoThousandEmojiAndNoMore() {
    Person erin = cast.person("Erin", "engineering");
    Browser browser = Browser.signedIn(cast, erin);
    readable(browser);
    browser
        .post(
            "/ask",
            Map.of(
                "entitlement",
                READ,
                "window",
                "30",
                "reason",
                "😀".repeat(2_001),
                "proof_code",
                cast.code(erin)))
        .then()
        .statusCode(400)
        .body(containsString("😀".repeat(2_001)))
        .body(containsString("id=\"reason-error\">"));
    ask(browser, erin, "😀".repeat(2_000));
  }

  @Test
  void aWindowThatIsTooLongIsAnsweredWithTheLongestThereIs() {
    Browser browser = Browser.signedIn(cast, cast.person("Erin", "engineering"));
    readable(browser);
    browser
        .post("/ask/forecast", Map.of("entitlement", READ, "window", "9999"))
        .then()
        .statusCode(200)
        .body(containsString("This would be refused."))
        .body(containsString("Ask for 8 h or less."));
  }

  @Test
  void approvalsAreInTheMenuOfThoseWhoApproveSomething() {
    String link = "href=\"/inbox\"";
    Browser engineer = Browser.signedIn(cast, cast.person("Erin", "engineering"));
    Browser approver = Browser.signedIn(cast, cast.person("Ann", "dba-oncall"));
    assertFalse(engineer.get("/").asString().contains(link));
    assertTrue(approver.get("/").asString().contains(link));
  }

  @Test
  void signingInIsToldWithoutLooseEnds() {
    Person erin = cast.person("Erin");
    Browser.signedIn(cast, erin);
    Browser auditor = Browser.signedIn(cast, cast.person("Audra", "auditors"));
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                auditor
                    .get("/history?kind=signed-in&person=" + erin.id())
                    .then()
                    .body(containsString("Erin signed in by password, code</summary>")));
  }

  private String ask(Browser browser, Person person, String reason) {
    readable(browser);
    Response asked =
        browser.post(
            "/ask",
            Map.of(
                "entitlement",
                READ,
                "window",
                "30",
                "reason",
                reason,
                "proof_code",
                cast.code(person)));
    assertEquals(303, asked.statusCode(), asked.asString());
    String to = asked.header("Location");
    return to.substring(to.indexOf("/requests/"), to.indexOf('?'));
  }

  /** Curfew has read at the target what the entitlement gives. */
  private static void readable(Browser browser) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> browser.get("/catalog").asString().contains("SELECT on tables"));
  }

  private static void found(Browser browser, String path) {
    assertEquals(200, browser.get(path).statusCode(), path);
  }

  /** The page that says there is none, without what differs from person to person. */
  private static String missing(Browser browser, String path) {
    Response answer = browser.get(path);
    assertEquals(404, answer.statusCode(), path);
    return answer.asString().replaceAll("(?s).*<main|</main>.*", "");
  }
}

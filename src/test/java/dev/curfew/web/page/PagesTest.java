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
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Who gets which page, and what is on it, without a real browser. */
@QuarkusTest
@WithTestResource(DemoServers.class)
class PagesTest {

  private static final String READ = "orders-db/read-only";

  private static final List<String> SELF = List.of("localhost", "127.0.0.1");
  private static final List<String> FOR_ALL = List.of("/", "/catalog", "/inbox", "/keys");
  private static final List<String> FOR_ADMINISTRATORS =
      List.of(
          "/admin/targets",
          "/admin/stuck",
          "/admin/findings",
          "/admin/quarantine",
          "/admin/packs",
          "/admin/people");

  @Inject Cast cast;

  @Test
  void whoIsSignedOutIsSentToSignInAndBack() {
    Person erin = cast.person("Erin");
    for (String path : List.of("/catalog?q=orders&tag=read", "/admin/packs", "/keys")) {
      Browser browser = new Browser();
      String signIn = pathOf(asWritten(browser, path));
      assertEquals("/sign-in?to=" + URLEncoder.encode(path, StandardCharsets.UTF_8), signIn);
      assertEquals(path, pathOf(signIn(browser, erin, hiddenTo(asWritten(browser, signIn)))));
    }
  }

  @Test
  void nobodyIsSentToAnotherSiteAfterSignIn() {
    Person erin = cast.person("Erin");
    for (String elsewhere :
        List.of(
            "https://evil.example/",
            "//evil.example",
            "/\\evil.example",
            "/%2Fevil.example",
            "javascript:alert(1)")) {
      Browser browser = new Browser();
      String asked = URLEncoder.encode(elsewhere, StandardCharsets.UTF_8);
      assertEquals("/", hiddenTo(asWritten(browser, "/sign-in?to=" + asked)), elsewhere);
      assertEquals("/", pathOf(signIn(browser, erin, elsewhere)), elsewhere);
      // signed in already, by the same link
      assertEquals("/", pathOf(asWritten(browser, "/sign-in?to=" + asked)), elsewhere);
    }
  }

  @Test
  void everyPageIsThereForWhomItIsMeantAndForAllOthersThereIsNone() {
    Browser engineer = Browser.signedIn(cast, cast.person("Erin", "engineering"));
    Browser auditor = Browser.signedIn(cast, cast.person("Audra", "auditors"));
    Browser administrator = Browser.signedIn(cast, cast.person("Ada", "administrators"));
    for (Browser anyone : List.of(engineer, auditor, administrator)) {
      FOR_ALL.forEach(path -> found(anyone, path));
    }
    found(auditor, "/history");
    found(administrator, "/history");
    missing(engineer, "/history");
    for (String path : List.of("/admin/operations", "/admin/operations/alerts")) {
      found(administrator, path);
      found(auditor, path);
      assertEquals(missing(engineer, "/admin/none"), missing(engineer, path), path);
    }
    for (String path : FOR_ADMINISTRATORS) {
      found(administrator, path);
      assertEquals(missing(engineer, "/admin/none"), missing(engineer, path), path);
      assertEquals(missing(auditor, "/admin/none"), missing(auditor, path), path);
    }
  }

  @Test
  void markupInAReasonIsShownAsText() {
    Person erin = cast.person("Erin", "engineering");
    Browser browser = Browser.signedIn(cast, erin);
    String path = ask(browser, erin, "\"><script>alert(1)</script> 😀 {cdi:shell.now}");
    for (Browser reader :
        List.of(browser, Browser.signedIn(cast, cast.person("Ann", "dba-oncall")))) {
      for (String page : List.of(path, "/")) {
        reader
            .get(page)
            .then()
            .body(containsString("&lt;script&gt;alert(1)&lt;/script&gt; 😀 {cdi:shell.now}"))
            .body(not(containsString("<script>alert")));
      }
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
    asking(browser, erin, "😀".repeat(2_001))
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
  void onlyWhoMayAskForSomethingIsToldToAsk() {
    String button = ">Ask for access<";
    Browser engineer = Browser.signedIn(cast, cast.person("Erin", "engineering"));
    Browser auditor = Browser.signedIn(cast, cast.person("Audra", "auditors"));
    assertTrue(engineer.get("/").asString().contains(button));
    assertFalse(auditor.get("/").asString().contains(button));
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

  /** Both steps, with where to go on to as the form carries it. */
  private Response signIn(Browser browser, Person person, String to) {
    browser.get("/sign-in");
    browser.password(person.user(), Cast.PASSWORD);
    Response in =
        browser.post("/sign-in/second", Map.of("proof_code", cast.code(person), "to", to));
    assertEquals(303, in.statusCode(), in.asString());
    return in;
  }

  /** The address byte for byte: the client encodes nothing a second time. */
  private static Response asWritten(Browser browser, String address) {
    return browser.spec().urlEncodingEnabled(false).get(address);
  }

  /** Where the form would go on to. */
  private static String hiddenTo(Response page) {
    Matcher to = Pattern.compile("name=\"to\" value=\"([^\"]*)\"").matcher(page.asString());
    assertTrue(to.find(), page.asString());
    return to.group(1).replace("&amp;", "&");
  }

  /** Where an answer sends on to, on this very site. */
  private static String pathOf(Response answer) {
    assertEquals(303, answer.statusCode());
    URI to = URI.create(answer.header("Location"));
    assertTrue(to.getHost() == null || SELF.contains(to.getHost()), to.toString());
    return to.getRawPath() + (to.getRawQuery() == null ? "" : "?" + to.getRawQuery());
  }

  private String ask(Browser browser, Person person, String reason) {
    readable(browser);
    Response asked = asking(browser, person, reason);
    assertEquals(303, asked.statusCode(), asked.asString());
    String to = asked.header("Location");
    return to.substring(to.indexOf("/requests/"), to.indexOf('?'));
  }

  private Response asking(Browser browser, Person person, String reason) {
    return browser.post(
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

package dev.curfew.web.page;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
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
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who gets which page, and what is on it, without a real browser. */
@QuarkusTest
@WithTestResource(DemoServers.class)
class PagesTest {

  private static final String READ = "orders-db/read-only";

  @Inject Cast cast;

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

package dev.curfew.web.page;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.curfew.Ids;
import dev.curfew.account.Person;
import dev.curfew.audit.Audit;
import dev.curfew.audit.Entry;
import dev.curfew.audit.Kind;
import dev.curfew.audit.Sequencer;
import dev.curfew.identity.Caller;
import dev.curfew.identity.Session;
import dev.curfew.testing.Browser;
import dev.curfew.testing.Cast;
import dev.curfew.testing.Store;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(Store.class)
class HistoryPageTest {

  @Inject Cast cast;
  @Inject Audit audit;
  @Inject Sequencer sequencer;

  @Test
  void anAuditorSeesWhatHappenedAndTheProofOfARevocation() {
    Person erin = cast.person("Erin", "engineering");
    String grant = Ids.next();
    recorded(
        Entry.of(Kind.GRANT_ENDED, cast.caller(erin))
            .subject(erin.id())
            .target("orders-db")
            .grant(grant)
            .with("proof_of_revocation", "no role jit_d1_x on orders-db"));
    Browser auditor = Browser.signedIn(cast, cast.person("Audra", "auditors"));
    auditor
        .get("/history?person=" + erin.id())
        .then()
        .statusCode(200)
        .body(containsString("The access of Erin is over: no role jit_d1_x on orders-db"))
        .body(containsString("proof of revocation"))
        .body(containsString("/grants/" + grant))
        .body(containsString("Complete up to entry"))
        .body(containsString("/history/export.csv?person=" + erin.id()));
  }

  @Test
  void whatSomebodyTypedIsShownAsText() {
    Caller mallory = nastilyNamed();
    recorded(
        Entry.of(Kind.REQUEST_CANCELLED, mallory)
            .entitlement("orders-db/read-only")
            .with("why", "\"><img src=x onerror=alert(2)>"));
    Browser auditor = Browser.signedIn(cast, cast.person("Audra", "auditors"));
    auditor
        .get("/history?person=" + mallory.person() + "&target=%22%3E%3Cimg%20src=x%3E")
        .then()
        .statusCode(200)
        .body(not(containsString("<img")))
        .body(not(containsString("<script>alert")));
    auditor
        .get("/history?person=" + mallory.person())
        .then()
        .body(containsString("&lt;img src=x onerror=alert(2)&gt;"))
        .body(not(containsString("<img")));
  }

  @Test
  void aFilterThatDoesNotFitStaysInTheFormWithTheMend() {
    Browser auditor = Browser.signedIn(cast, cast.person("Audra", "auditors"));
    auditor
        .get("/history?from=yesterday")
        .then()
        .statusCode(200)
        .body(containsString("Write a time as 2026-11-22T10:00:00Z"))
        .body(containsString("value=\"yesterday\""));
  }

  @Test
  void nothingThatFitsTeachesWhatToDo() {
    Browser auditor = Browser.signedIn(cast, cast.person("Audra", "auditors"));
    auditor
        .get("/history?target=no-such-target")
        .then()
        .statusCode(200)
        .body(containsString("Nothing fits this filter"));
  }

  @Test
  void theFilesOfThePageAreThoseOfItsFilter() {
    Person erin = cast.person("Erin", "engineering");
    recorded(Entry.of(Kind.REQUEST_CANCELLED, cast.caller(erin)).target("orders-db"));
    Browser auditor = Browser.signedIn(cast, cast.person("Audra", "auditors"));
    Response file = auditor.get("/history/export.jsonl?kind=request-cancelled&person=" + erin.id());
    assertEquals(200, file.statusCode());
    assertEquals(2, file.asString().split("\n").length);
    String number = file.header("Curfew-Up-To");
    auditor
        .get(
            "/history/export.csv.manifest.json?kind=request-cancelled&person="
                + erin.id()
                + "&upTo="
                + number)
        .then()
        .statusCode(200)
        .body("rows", equalTo(1));
  }

  @Test
  void forAnEngineerItIsNotThere() {
    Browser engineer = Browser.signedIn(cast, cast.person("Erin", "engineering"));
    String absent = main(engineer.get("/no-such-page"));
    for (String path :
        List.of(
            "/history",
            "/history/export.csv",
            "/history/export.jsonl",
            "/history/export.csv.manifest.json?upTo=1")) {
      Response page = engineer.get(path);
      assertEquals(404, page.statusCode(), path);
    }
    assertEquals(absent, main(engineer.get("/history")));
  }

  private static String main(Response page) {
    return page.asString().replaceAll("(?s).*<main|</main>.*", "");
  }

  private static Caller nastilyNamed() {
    return new Caller(
        Ids.next(),
        "<script>alert(1)</script>",
        Set.of(),
        new Session(Session.Kind.PAGE, Ids.next()),
        Set.of(),
        "192.0.2.7");
  }

  private void recorded(Entry entry) {
    QuarkusTransaction.requiringNew().run(() -> audit.record(entry));
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> sequencer.progress().newer() == 0);
  }
}

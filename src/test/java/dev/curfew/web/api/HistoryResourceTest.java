package dev.curfew.web.api;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.account.Person;
import dev.curfew.identity.Scope;
import dev.curfew.testing.Cast;
import dev.curfew.testing.Store;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(Store.class)
class HistoryResourceTest {

  @Inject Cast cast;

  @Test
  void anAuditorReadsWhatHappenedToAPerson() {
    Person auditor = cast.person("Audra", "auditors");
    String token = cast.token(auditor, Scope.READ);
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                as(token)
                    .queryParam("person", auditor.id())
                    .queryParam("kind", "person-added")
                    .get("/api/v1/history")
                    .then()
                    .statusCode(200)
                    .body("items.size()", equalTo(1))
                    .body("items[0].words", startsWith("Curfew added Audra"))
                    .body("items[0].subjectName", equalTo("Audra")));
  }

  @Test
  void whoIsNoAuditorIsRefusedAndRecordedOnce() {
    String token = cast.token(cast.person("Erin", "engineering"), Scope.READ);
    as(token)
        .get("/api/v1/history")
        .then()
        .statusCode(403)
        .contentType("application/problem+json")
        .body("code", equalTo("not-allowed"));
    Person auditor = cast.person("Audra", "auditors");
    given().get("/api/v1/history").then().statusCode(401);
    String reader = cast.token(auditor, Scope.READ);
    as(reader)
        .queryParam("kind", "no-such-kind")
        .get("/api/v1/history")
        .then()
        .statusCode(400)
        .body("field", equalTo("kind"));
  }

  @Test
  void aFilterThatDoesNotFitNamesItsField() {
    String reader = cast.token(cast.person("Audra", "auditors"), Scope.READ);
    as(reader)
        .queryParam("from", "yesterday")
        .get("/api/v1/history")
        .then()
        .statusCode(400)
        .body("field", equalTo("from"));
    as(reader)
        .queryParam("cursor", "x")
        .get("/api/v1/history")
        .then()
        .statusCode(400)
        .body("field", equalTo("cursor"));
  }

  @Test
  void theCsvAndItsManifestAgree() throws Exception {
    Person auditor = cast.person("Audra", "auditors");
    String reader = cast.token(auditor, Scope.READ);
    Response file = as(reader).queryParam("person", auditor.id()).get("/api/v1/history/export.csv");
    assertEquals(200, file.statusCode());
    assertTrue(file.header("Content-Disposition").startsWith("attachment; filename=\"curfew-"));
    assertTrue(file.contentType().startsWith("text/csv"), file.contentType());
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(file.asByteArray());
    as(reader)
        .queryParam("person", auditor.id())
        .queryParam("upTo", file.header("Curfew-Up-To"))
        .get("/api/v1/history/export.csv.manifest.json")
        .then()
        .statusCode(200)
        .body("sha256", equalTo(HexFormat.of().formatHex(digest)))
        .body("bytes", equalTo(file.asByteArray().length));
  }

  @Test
  void theJsonLinesEndWithWhatTheyState() {
    Person auditor = cast.person("Audra", "auditors");
    String reader = cast.token(auditor, Scope.READ);
    Response file =
        as(reader)
            .queryParam("outcome", "done")
            .queryParam("person", auditor.id())
            .get("/api/v1/history/export.jsonl");
    assertEquals(200, file.statusCode());
    String[] lines = new String(file.asByteArray(), StandardCharsets.UTF_8).split("\n");
    assertTrue(lines[lines.length - 1].startsWith("{\"export\":{"), lines[lines.length - 1]);
    assertTrue(
        lines[lines.length - 1].contains("\"rows\":" + (lines.length - 1)),
        lines[lines.length - 1]);
  }

  private static RequestSpecification as(String token) {
    return given().header("Authorization", "Bearer " + token);
  }
}

package dev.curfew.journey;

import static dev.curfew.journey.Story.done;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.Ids;
import dev.curfew.account.People;
import dev.curfew.account.Person;
import dev.curfew.account.Seed;
import dev.curfew.identity.Scope;
import dev.curfew.testing.Browser;
import dev.curfew.testing.Cast;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** What bad input gets: a refusal that says the mend, and exactly one entry in the history. */
@Journey
class RefusalsTest {

  private static final String READ_ONLY = "orders-db/read-only";

  @Inject Story story;
  @Inject Cast cast;
  @Inject DataSource store;
  @Inject Seed seed;
  @Inject People people;

  @Test
  void whatIsAbsentAndWhatIsForbiddenAreTheSameByteForByte() {
    Person erin = story.engineer("Erin");
    Person eve = story.engineer("Eve");
    String request = story.ask(erin, READ_ONLY);
    String grant = story.approve(story.approver("Ann"), request);
    String absent = Ids.next();

    for (String path : List.of("", "/decision")) {
      same(
          eve,
          () -> story.get(eve, "/requests/" + request + path),
          () -> story.get(eve, "/requests/" + absent + path));
    }
    same(
        eve,
        () -> story.post(eve, "/requests/" + request + "/cancel", Map.of()),
        () -> story.post(eve, "/requests/" + absent + "/cancel", Map.of()));
    Map<String, String> vote = Map.of("choice", "APPROVE", "shown", "x");
    same(
        eve,
        () -> story.prove(eve, "/requests/" + request + "/votes", vote),
        () -> story.prove(eve, "/requests/" + absent + "/votes", vote));
    same(eve, () -> story.get(eve, "/grants/" + grant), () -> story.get(eve, "/grants/" + absent));
    same(
        eve,
        () -> story.post(eve, "/grants/" + grant + "/revoke", Map.of()),
        () -> story.post(eve, "/grants/" + absent + "/revoke", Map.of()));
    for (String act : List.of("/pick-up", "/give-back")) {
      same(
          eve,
          () -> story.prove(eve, "/grants/" + grant + act, Map.of()),
          () -> story.prove(eve, "/grants/" + absent + act, Map.of()));
    }
    Person outsider = story.person("Otto", List.of());
    same(
        outsider,
        () -> story.get(outsider, "/catalog/" + READ_ONLY),
        () -> story.get(outsider, "/catalog/orders-db/no-such-thing"));
    same(
        outsider,
        () -> story.prove(outsider, "/requests", ask(Map.of())),
        () -> story.prove(outsider, "/requests", ask(Map.of("entitlement", "orders-db/nothing"))));
  }

  @Test
  void anAskThatCannotBeSaysTheFieldAndTheMend() {
    Person erin = story.engineer("Erin");
    refused(erin, 400, "invalid", "window", "480 minutes", ask(Map.of("window", 481)));
    refused(erin, 400, "invalid", "window", "at least 1", ask(Map.of("window", 0)));
    refused(erin, 400, "invalid", "window", "at least 1", ask(Map.of("window", -5)));
    refused(erin, 400, "invalid", "reason", "say why", ask(Map.of("reason", " \n ")));
    refused(erin, 400, "invalid", "reason", "2,001", ask(Map.of("reason", "x".repeat(2_001))));
    refused(erin, 400, "invalid", "reason", "U+0000", ask(Map.of("reason", "a\u0000b")));
    refused(erin, 400, "invalid", "reason", "nothing to read", ask(Map.of("reason", "\u200B")));
    refused(erin, 400, "invalid", "reason", "turn", ask(Map.of("reason", "a \u202Etxet")));
    refused(erin, 400, "invalid", "ticket", "turn", ask(Map.of("ticket", "A\u20661")));
    refused(erin, 400, "invalid", "ticket", "201", ask(Map.of("ticket", "t".repeat(201))));
    refused(erin, 400, "unknown-field", "reson", "reason", ask(Map.of("reson", "typo")));
    refused(erin, 400, "invalid", "window", "wrong kind", ask(Map.of("window", "thirty")));
  }

  @Test
  void aMisspeltGroupIsNotMade() {
    Person ada = story.person("Ada", List.of("administrators"));
    Person erin = story.engineer("Erin");
    String path = "/people/" + erin.id() + "/join";
    Response no =
        one(ada, 400, "invalid", () -> story.prove(ada, path, Map.of("group", "dba-onkall")));
    assertEquals("group", no.jsonPath().getString("field"));
    assertTrue(no.jsonPath().getString("detail").contains("dba-oncall"), no.asString());
    done(story.prove(ada, path, Map.of("group", "dba-oncall")), 204);
  }

  @Test
  void aMisspeltFilterAndALimitOutOfRangeAreRefused() {
    Person erin = story.engineer("Erin");
    Response no = one(erin, 400, "unknown-field", () -> story.get(erin, "/catalog?q=orders"));
    assertEquals("q", no.jsonPath().getString("field"));
    assertTrue(no.jsonPath().getString("detail").contains("tag, text"), no.asString());
    for (String limit : List.of("0", "-1", "201", "100000")) {
      for (String list : List.of("/requests", "/grants")) {
        Response out = one(erin, 400, "invalid", () -> story.get(erin, list + "?limit=" + limit));
        assertEquals("limit", out.jsonPath().getString("field"));
      }
    }
    done(story.get(erin, "/requests?limit=200&box=ALL"), 200);
  }

  @Test
  void textOfAllKindsIsKeptAndShownAsText() {
    Person erin = named("Erin \"Bobby\" O'Tables <b>&amp;");
    String reason =
        "<script>alert(1)</script> {{7*7}} ${7*7} '; drop table access_request; -- "
            + "\uD83D\uDE80 \u05D0\u200F";
    String request =
        done(story.prove(erin, "/requests", ask(Map.of("reason", reason))), 201).getString("id");

    assertEquals(reason, done(story.get(erin, "/requests/" + request), 200).getString("reason"));
    Response page = Browser.signedIn(cast, erin).get("/requests/" + request);
    assertEquals(200, page.statusCode());
    assertFalse(page.asString().contains("<script>alert"), "markup of a reason came alive");
    assertTrue(page.asString().contains("&lt;script&gt;alert(1)"), "the reason is not shown");
    assertFalse(page.asString().contains("O'Tables <b>"), "markup of a name came alive");

    Person emil = story.engineer("Emil");
    String longest = "\uD83D\uDE80".repeat(2_000);
    String kept =
        done(story.prove(emil, "/requests", ask(Map.of("reason", longest))), 201).getString("id");
    assertEquals(longest, done(story.get(emil, "/requests/" + kept), 200).getString("reason"));
  }

  @Test
  void aBodyTooLargeIsRefusedHoweverItIsSent() throws Exception {
    Person erin = story.engineer("Erin");
    String token = cast.token(erin);
    String large = "{\"reason\":\"" + "x".repeat(65 * 1024) + "\"}";

    one(erin, 413, "body-too-large", () -> raw(token, large));
    long before = refusals(erin);
    String chunked = chunked(token, large);
    assertTrue(chunked.startsWith("HTTP/1.1 413"), chunked);
    assertTrue(chunked.contains("application/problem+json"), chunked);
    assertTrue(chunked.contains("\"code\":\"body-too-large\""), chunked);
    assertEquals(before + 1, refusals(erin));
  }

  @Test
  void aBodyTooDeepIsRefused() {
    Person erin = story.engineer("Erin");
    String token = cast.token(erin);
    String deep = "{\"a\":".repeat(33) + "1" + "}".repeat(33);
    one(
        erin,
        400,
        "body-too-deep",
        () ->
            raw(
                token,
                "{\"entitlement\":\"orders-db/read-only\",\"proof\":{\"nonce\":\"n\",\"assertion\":"
                    + deep
                    + "}}"));
    one(erin, 400, "invalid", () -> raw(token, "[".repeat(5_000)));
  }

  @Test
  void aVoteOnADecidedRequestSaysWhoDecidedAndWhen() {
    Person erin = story.engineer("Erin");
    Person abe = story.approver("Abe");
    String request = story.ask(erin, READ_ONLY);
    done(story.vote(story.approver("Ann"), request, "DENY", "not today"), 200);

    Response late = one(abe, 409, "already-decided", () -> vote(abe, request));
    String said = late.jsonPath().getString("detail");
    assertTrue(said.contains("Ann") && said.matches(".*\\d\\d:\\d\\d.*"), said);
  }

  @Test
  void aPickUpThatMayNotBeIsRefusedAndRecorded() {
    Person erin = story.engineer("Erin");
    Person ann = story.approver("Ann");
    Person eve = story.engineer("Eve");
    String grant = story.provisioned(erin, ann, READ_ONLY);
    String path = "/grants/" + grant + "/pick-up";

    one(erin, 401, "proof-required", () -> story.post(erin, path, Map.of()));
    one(
        erin,
        403,
        "proof-refused",
        () -> story.post(erin, path, Map.of("proof", Map.of("code", "not-a-code"))));
    one(ann, 403, "not-allowed", () -> story.prove(ann, path, Map.of()));
    one(eve, 404, "not-found", () -> story.prove(eve, path, Map.of()));

    String code = cast.code(erin);
    Map<String, Object> proof = Map.of("proof", Map.of("code", code));
    done(story.post(erin, path, proof), 200);
    Response again = one(erin, 409, "code-used", () -> story.post(erin, path, proof));
    assertEquals(
        again.jsonPath().getString("retryAfter"), again.header("Retry-After"), "seconds to wait");
    assertNotEquals("0", again.header("Retry-After"));

    done(story.post(erin, "/grants/" + grant + "/give-back", Map.of()), 200);
    story.awaitState(erin, grant, "ENDED");
    long entries = number("select count(*) from audit_entry where grant_id = '" + grant + "'");
    for (JsonPath repeated :
        List.of(
            done(story.post(erin, "/grants/" + grant + "/give-back", Map.of()), 200),
            done(story.post(ann, "/grants/" + grant + "/revoke", Map.of()), 200))) {
      assertEquals("ENDED", repeated.getString("state"));
      assertEquals("GIVEN_BACK", repeated.getString("endReason"), "the first end stays");
    }
    assertEquals(
        entries,
        number("select count(*) from audit_entry where grant_id = '" + grant + "'"),
        "an end that was decided leaves no second entry");
    one(erin, 409, "wrong-state", () -> story.prove(erin, path, Map.of()));
  }

  @Test
  void aKeyRepeatsAnAskAndNothingElse() {
    Person erin = story.engineer("Erin");
    String key = "key-" + Ids.next();
    JsonPath first = done(keyed(erin, "/requests", key, ask(Map.of())), 201);
    JsonPath second = done(keyed(erin, "/requests", key, ask(Map.of())), 201);
    assertEquals(first.getString("id"), second.getString("id"));
    one(
        erin,
        409,
        "idempotency-mismatch",
        () -> keyed(erin, "/requests", key, ask(Map.of("window", 31))));
    one(erin, 400, "invalid", () -> keyed(erin, "/requests", "two words", ask(Map.of())));

    String grant = story.approve(story.approver("Ann"), first.getString("id"));
    story.awaitState(erin, grant, "ACTIVE");
    String path = "/grants/" + grant + "/pick-up";
    Response handed = keyed(erin, path, key, Map.of());
    assertEquals(200, handed.statusCode(), handed.asString());
    assertEquals("no-store", handed.header("Cache-Control"));
    one(erin, 409, "not-repeatable", () -> keyed(erin, path, key, Map.of()));
    assertNotEquals(
        handed.jsonPath().getString("values.password"),
        done(keyed(erin, path, "another", Map.of()), 200).getString("values.password"));

    Map<String, Object> token = Map.of("name", "robot", "scopes", List.of("read"), "days", 1);
    one(erin, 409, "not-repeatable", () -> keyed(erin, "/tokens", key, token));
    done(story.prove(erin, "/tokens", token), 201);
  }

  @Test
  void listsGoOnWhereTheyStopped() {
    Person erin = story.engineer("Erin");
    for (int i = 0; i < 5; i++) {
      String request = story.ask(erin, READ_ONLY);
      done(story.post(erin, "/requests/" + request + "/cancel", Map.of()), 200);
    }
    JsonPath whole = done(story.get(erin, "/requests"), 200);
    List<String> all = whole.getList("items.id");
    assertEquals(5, all.size());
    assertNull(whole.getString("next"));

    JsonPath part = done(story.get(erin, "/requests?limit=2"), 200);
    assertEquals(all.subList(0, 2), part.getList("items.id"));
    part = done(story.get(erin, "/requests?limit=2&cursor=" + part.getString("next")), 200);
    assertEquals(all.subList(2, 4), part.getList("items.id"));
    part = done(story.get(erin, "/requests?limit=2&cursor=" + part.getString("next")), 200);
    assertEquals(all.subList(4, 5), part.getList("items.id"));
    assertNull(part.getString("next"));

    one(erin, 400, "invalid", () -> story.get(erin, "/requests?cursor=made-up"));
    one(erin, 400, "invalid", () -> story.get(erin, "/requests?box=ATTIC"));
    one(erin, 400, "invalid", () -> story.get(erin, "/requests?limit=many"));

    Person uma = story.person("Uma", List.of("auditors"));
    JsonPath newest = done(story.get(uma, "/history?limit=2"), 200);
    List<Integer> numbers = newest.getList("items.n");
    assertEquals(2, numbers.size());
    JsonPath older =
        done(story.get(uma, "/history?limit=2&cursor=" + newest.getString("next")), 200);
    List<Integer> next = older.getList("items.n");
    assertTrue(next.get(0) < numbers.get(1), numbers + " then " + next);
    one(uma, 400, "invalid", () -> story.get(uma, "/history?cursor=made-up"));
  }

  @Test
  void whatBreaksInsideSaysOnlyWhereToLook() {
    Person erin = story.engineer("Erin");
    String token = cast.token(erin);
    cast.run("alter table access_request rename to access_request_away");
    Response broken;
    try {
      broken =
          RestAssured.given().header("Authorization", "Bearer " + token).get("/api/v1/requests");
    } finally {
      cast.run("alter table access_request_away rename to access_request");
    }
    assertEquals(500, broken.statusCode());
    assertEquals("application/problem+json", broken.contentType().split(";")[0]);
    assertEquals("internal", broken.jsonPath().getString("code"));
    for (String inside : List.of("access_request", "SQL", "relation", "Exception", "hibernate")) {
      assertFalse(broken.asString().contains(inside), broken.asString());
    }
  }

  @Test
  void anAdministratorReleasesWhatASweepFound() {
    Person erin = story.engineer("Erin");
    Person ada = story.person("Ada", List.of("administrators"));
    String ours = finding("ORPHAN");
    String foreign = finding("FOREIGN");

    one(erin, 403, "not-allowed", () -> story.get(erin, "/findings"));
    one(erin, 403, "not-allowed", () -> release(erin, ours));
    Person uma = story.person("Uma", List.of("auditors"));
    assertTrue(done(story.get(uma, "/findings"), 200).getList("items.id").contains(ours));
    one(uma, 403, "not-allowed", () -> release(uma, ours));
    one(ada, 404, "not-found", () -> release(ada, Ids.next()));
    one(ada, 409, "wrong-state", () -> release(ada, foreign));
    one(
        ada,
        401,
        "proof-required",
        () -> story.post(ada, "/findings/" + ours + "/release", Map.of()));

    Browser browser = Browser.signedIn(cast, ada);
    Response page = browser.get("/admin/findings");
    assertTrue(page.asString().contains("data-act=\"finding-release\""), page.asString());
    Response wrong =
        browser.post("/admin/findings/release", Map.of("finding", ours, "proof_code", "000000"));
    assertEquals(403, wrong.statusCode());
    Response said =
        browser.post(
            "/admin/findings/release", Map.of("finding", ours, "proof_code", cast.code(ada)));
    assertEquals(303, said.statusCode(), said.asString());
    one(ada, 409, "wrong-state", () -> release(ada, ours));

    String other = finding("ORPHAN");
    JsonPath released = done(release(ada, other), 200);
    assertTrue(released.getBoolean("released"));
    assertEquals(
        2,
        number(
            "select count(*) from audit_entry where kind = 'orphan-released' and actor = '"
                + ada.id()
                + "'"));
    cast.run("delete from grant_finding");
  }

  @Test
  void aNarrowTokenEndsNothingButItself() {
    Person erin = story.engineer("Erin");
    String narrow = cast.token(erin, Scope.READ);
    one(erin, 403, "not-allowed", () -> bearing(narrow).delete("/api/v1/sessions"));
    one(erin, 403, "not-allowed", () -> bearing(narrow).delete("/api/v1/tokens/" + Ids.next()));
    assertEquals(204, bearing(narrow).post("/api/v1/sign-out").statusCode());
    assertEquals(401, bearing(narrow).get("/api/v1/me").statusCode());
  }

  private static RequestSpecification bearing(String token) {
    return RestAssured.given().header("Authorization", "Bearer " + token);
  }

  private Response release(Person person, String finding) {
    return story.prove(person, "/findings/" + finding + "/release", Map.of());
  }

  private Response vote(Person person, String request) {
    return story.vote(person, request, "APPROVE", "too late");
  }

  private Person named(String name) {
    String user = "erin-" + Ids.next();
    seed.person(new Seed.Settled(user, name, Cast.PASSWORD, Set.of("engineering"), Cast.SEED));
    return people.list().stream().filter(one -> one.user().equals(user)).findFirst().orElseThrow();
  }

  private static Map<String, Object> ask(Map<String, ?> but) {
    Map<String, Object> ask = new HashMap<>();
    ask.put("entitlement", READ_ONLY);
    ask.put("window", 30);
    ask.put("reason", "a look at one order");
    ask.putAll(but);
    return ask;
  }

  private Response keyed(Person person, String path, String key, Map<String, ?> body) {
    Map<String, Object> whole = new HashMap<>(body);
    whole.put("proof", Map.of("code", cast.code(person)));
    return RestAssured.given()
        .header("Authorization", "Bearer " + cast.token(person))
        .header("Idempotency-Key", key)
        .contentType("application/json")
        .body(whole)
        .post("/api/v1" + path);
  }

  private static Response raw(String token, String body) {
    return RestAssured.given()
        .header("Authorization", "Bearer " + token)
        .contentType("application/json")
        .body(body)
        .post("/api/v1/requests");
  }

  /** In chunks and without a length, as no client of ours does. */
  private static String chunked(String token, String body) throws Exception {
    try (Socket socket = new Socket("localhost", RestAssured.port)) {
      socket.setSoTimeout(10_000);
      OutputStream out = socket.getOutputStream();
      String head =
          "POST /api/v1/requests HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
              + "Transfer-Encoding: chunked\r\nAuthorization: Bearer "
              + token
              + "\r\n\r\n";
      out.write(head.getBytes(StandardCharsets.US_ASCII));
      out.write(
          (Integer.toHexString(1_000) + "\r\n" + body.substring(0, 1_000) + "\r\n").getBytes());
      out.flush();
      InputStream in = socket.getInputStream();
      StringBuilder answer = new StringBuilder();
      for (int next = in.read(); next >= 0 && next != '}'; next = in.read()) {
        answer.append((char) next);
      }
      return answer + "}";
    }
  }

  private void refused(
      Person person, int status, String code, String field, String mend, Map<String, ?> ask) {
    Response answer = one(person, status, code, () -> story.prove(person, "/requests", ask));
    assertEquals(field, answer.jsonPath().getString("field"), answer.asString());
    assertTrue(answer.jsonPath().getString("detail").contains(mend), answer.asString());
  }

  /** Refused like that, as a problem, with one entry. */
  private Response one(Person person, int status, String code, Supplier<Response> call) {
    forgetTheMinute();
    long before = refusals(person);
    Response answer = call.get();
    assertEquals(status, answer.statusCode(), answer.asString());
    assertEquals("application/problem+json", answer.contentType().split(";")[0]);
    assertEquals(code, answer.jsonPath().getString("code"), answer.asString());
    assertEquals(before + 1, refusals(person), "entries of the refusal: " + answer.asString());
    return answer;
  }

  private void same(Person person, Supplier<Response> forbidden, Supplier<Response> absent) {
    Response one = one(person, 404, "not-found", forbidden);
    Response other = one(person, 404, "not-found", absent);
    assertEquals(other.asString(), one.asString());
    assertEquals(other.headers().asList().size(), one.headers().asList().size());
  }

  /** From the eleventh of a kind in a minute on refusals are only counted. */
  private void forgetTheMinute() {
    cast.run("delete from audit_refusal");
  }

  private long refusals(Person person) {
    return number(
        "select count(*) from audit_entry where kind = 'refused' and actor = '"
            + person.id()
            + "'");
  }

  private long number(String sql) {
    try (Connection connection = store.getConnection();
        PreparedStatement query = connection.prepareStatement(sql);
        ResultSet rows = query.executeQuery()) {
      rows.next();
      return rows.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private String finding(String kind) {
    String id = Ids.next();
    cast.run(
        "insert into grant_finding (id, target, name, grant_id, kind, open, marked_until,"
            + " handle, first_seen_at, last_seen_at) values (?, 'orders-db', ?, ?, ?, true,"
            + " now() + interval '1 hour', '{}', now(), now())",
        id,
        "jit_d_" + id,
        id,
        kind);
    return id;
  }
}

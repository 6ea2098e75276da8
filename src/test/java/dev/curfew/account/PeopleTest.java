package dev.curfew.account;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.Ids;
import dev.curfew.testing.Browser;
import dev.curfew.testing.Cast;
import dev.curfew.testing.Prover;
import dev.curfew.testing.Store;
import dev.curfew.testing.VirtualPasskey;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An administrator lets people in and out; each does the rest in a browser of their own. */
@QuarkusTest
@WithTestResource(Store.class)
class PeopleTest {

  private static final String GOOD = "a short sentence is good";

  @Inject Cast cast;
  @Inject People people;

  private VirtualPasskey key;
  private Browser admin;
  private String adminToken;

  @BeforeEach
  void anAdministrator() {
    cast.run("delete from sign_in_delay");
    Person ada = cast.person("Ada", "administrators");
    key = cast.passkey(ada);
    admin = Browser.signedIn(cast, ada);
    adminToken = cast.token(ada);
  }

  @Test
  void aNewPersonEnrolsAnAppByTheLinkAndIsIn() {
    String user = newUser();
    String link = add(user);
    Browser nia = new Browser();
    assertTrue(nia.get(link).asString().contains("Welcome, Nia"));
    assertTrue(nia.get(link).asString().contains(user), "looking at it twice is no use of it");
    assertEquals(303, open(nia, link).statusCode());
    assertEquals(303, nia.get("/").statusCode(), "nothing but enrolment is open yet");

    String page = nia.get("/enrol").asString();
    String seed = found(page, "<code id=\"seed\"[^>]*>([A-Z2-7]{32})<");
    assertEquals(400, nia.post("/enrol/codes", Map.of("code", "000000")).statusCode());
    Response done = nia.post("/enrol/codes", Map.of("code", cast.codeOf(seed)));
    assertEquals(200, done.statusCode(), done.asString());
    assertEquals(10, recoveryCodes(done).size());
    assertEquals(200, nia.get("/").statusCode());
    assertFalse(nia.get("/keys").asString().contains(recoveryCodes(done).get(0)), "shown once");

    Browser second = new Browser();
    assertEquals(404, second.get(link).statusCode(), "a used link is none");
    assertEquals(404, open(second, link).statusCode());
    assertEquals(303, second.password(user, GOOD).statusCode(), "but the password leads in");
  }

  @Test
  void aNewPersonEnrolsAPasskeyByTheLink() {
    String link = add(newUser());
    Browser nia = new Browser();
    open(nia, link);
    nia.get("/enrol");
    VirtualPasskey hers = VirtualPasskey.ofTheDefaultSite();
    Response done = nia.post("/enrol/passkey", Prover.made(nia, hers, "/enrol/passkey-options"));
    assertEquals(200, done.statusCode(), done.asString());
    assertEquals(10, recoveryCodes(done).size());
    String keys = nia.get("/keys").asString();
    assertFalse(keys.contains("counts as a code"), "the link is proof enough for a whole key");
    Response token =
        nia.post(
            "/keys/tokens",
            Prover.form(
                nia, hers, "token-create", Map.of("name", "ci", "scopes", "read", "days", 1)));
    assertEquals(200, token.statusCode(), token.asString());
  }

  @Test
  void whoOpenedTheLinkFirstButEnrolledLaterIsOut() {
    String link = add(newUser());
    Browser slow = new Browser();
    open(slow, link);
    Browser quick = new Browser();
    open(quick, link);
    quick.get("/enrol");
    quick.post(
        "/enrol/passkey",
        Prover.made(quick, VirtualPasskey.ofTheDefaultSite(), "/enrol/passkey-options"));
    Response late = slow.get("/enrol");
    assertEquals(303, late.statusCode());
    assertTrue(late.header("Location").contains("/sign-in"));
  }

  @Test
  void whoFindsALinkThatWasOpenedCannotTakeItOver() {
    String user = newUser();
    String link = add(user);
    Browser nia = new Browser();
    open(nia, link);

    Browser thief = new Browser();
    assertTrue(thief.get(link).asString().contains("This link was used"));
    Response refused =
        thief.post(
            link, Map.of("password", "a password of my own", "again", "a password of my own"));
    assertEquals(401, refused.statusCode());
    assertTrue(refused.asString().contains("ask an administrator to reset"), refused.asString());
    assertEquals(303, thief.get("/enrol").statusCode(), "not let in");

    assertEquals(200, nia.get("/enrol").statusCode(), "she goes on unharmed");
    assertEquals(303, new Browser().password(user, GOOD).statusCode(), "by her own password");
    Browser phone = new Browser();
    assertEquals(303, phone.post(link, Map.of("password", GOOD)).statusCode());
    assertEquals(200, phone.get("/enrol").statusCode(), "on another device, too");
  }

  @Test
  void anExpiredLinkIsNone() {
    String user = newUser();
    String link = add(user);
    cast.run(
        "update enrolment_link set until = clock_timestamp() - interval '1 min' where person ="
            + " (select person from account where sub = ?)",
        user);
    assertEquals(404, new Browser().get(link).statusCode());
    assertEquals(404, open(new Browser(), link).statusCode());
  }

  @Test
  void aPasswordTooShortOrTooLongIsRefusedWithTheMend() {
    String link = add(newUser());
    Browser nia = new Browser();
    for (String bad : List.of("x2345678901", "1234567890".repeat(7) + "123", "ä".repeat(37))) {
      Response answer = nia.post(link, Map.of("password", bad, "again", bad));
      assertEquals(400, answer.statusCode(), bad);
      assertTrue(answer.asString().contains("12 to 72 bytes"), bad);
      assertFalse(answer.asString().contains(bad), "what was typed is not shown");
    }
    assertEquals(400, nia.post(link, Map.of("password", GOOD, "again", GOOD + "!")).statusCode());
    String longest = "1234567890".repeat(7) + "12";
    assertEquals(303, nia.post(link, Map.of("password", longest, "again", longest)).statusCode());
  }

  @Test
  void aResetTakesEverythingAndGivesANewLink() {
    Person erin = cast.person("Erin", "engineering");
    cast.passkey(erin);
    Browser hers = Browser.signedIn(cast, erin);
    String token = cast.token(erin);

    Response made = act("/reset", "person-reset", erin, Map.of());
    assertEquals(200, made.statusCode(), made.asString());
    String link = link(made);

    assertTrue(hers.get("/").header("Location").contains("/sign-in"));
    assertEquals(401, me(token).statusCode());
    assertEquals(401, new Browser().password(erin.user(), Cast.PASSWORD).statusCode());
    Browser again = new Browser();
    open(again, link);
    again.get("/enrol");
    Response done =
        again.post(
            "/enrol/passkey",
            Prover.made(again, VirtualPasskey.ofTheDefaultSite(), "/enrol/passkey-options"));
    assertEquals(10, recoveryCodes(done).size());
    String keys = again.get("/keys").asString();
    assertTrue(keys.contains("Set one up"), "the app that was lost is gone");
    assertTrue(people.mustBe(erin.id()).groups().contains("engineering"), "groups stay");
  }

  @Test
  void peopleAreReadInParts() {
    cast.person("Abe");
    cast.person("Zoe");
    List<String> all = people.list().stream().map(Person::id).toList();
    List<String> read = new ArrayList<>();
    String next = "";
    do {
      JsonPath part =
          given()
              .header("Authorization", "Bearer " + adminToken)
              .get("/api/v1/people?limit=" + Math.min(200, all.size() - 1) + next)
              .jsonPath();
      read.addAll(part.getList("items.id"));
      next = part.getString("next") == null ? null : "&cursor=" + part.getString("next");
    } while (next != null);
    assertEquals(all, read);
  }

  @Test
  void groupsAreJoinedAndLeft() {
    Person erin = cast.person("Erin");
    String token = cast.token(erin);
    assertEquals(
        303, act("/join", "group-join", erin, Map.of("group", "engineering")).statusCode());
    assertEquals(List.of("engineering"), me(token).jsonPath().getList("groups"));
    assertEquals(
        303, act("/leave", "group-leave", erin, Map.of("group", "engineering")).statusCode());
    assertEquals(List.of(), me(token).jsonPath().getList("groups"));
    assertEquals(
        409, act("/leave", "group-leave", erin, Map.of("group", "engineering")).statusCode());
    for (String bad : List.of("", "Engineering", "a b")) {
      assertEquals(400, act("/join", "group-join", erin, Map.of("group", bad)).statusCode());
    }
  }

  @Test
  void disablingSomebodyClosesEveryDoorAtOnce() {
    String user = newUser();
    String unused = add(user);
    Person nia =
        people.list().stream().filter(one -> one.user().equals(user)).findFirst().orElseThrow();
    assertEquals(303, act("/disable", "person-disable", nia, Map.of()).statusCode());
    assertEquals(404, new Browser().get(unused).statusCode(), "their link is none");

    Person erin = cast.person("Erin");
    Browser hers = Browser.signedIn(cast, erin);
    String token = cast.token(erin);
    assertEquals(303, act("/disable", "person-disable", erin, Map.of()).statusCode());
    assertTrue(hers.get("/").header("Location").contains("/sign-in"));
    assertEquals(401, me(token).statusCode());
    assertEquals(401, new Browser().password(erin.user(), Cast.PASSWORD).statusCode());
    assertEquals(409, act("/reset", "person-reset", erin, Map.of()).statusCode());
  }

  @Test
  void anAdministratorsActNeedsAPasskeyOverExactlyThisAct() {
    Person erin = cast.person("Erin");
    String path = "/admin/people/" + erin.id() + "/reset";
    assertEquals(401, admin.post(path, Map.of()).statusCode());
    Response code = admin.post(path, Map.of("proof_code", "123456"));
    assertEquals(401, code.statusCode());
    assertFalse(code.asString().contains("123456"), "a code does not come back");
    Person other = cast.person("Abe");
    Map<String, Object> forAnother =
        Prover.form(admin, key, "person-reset", Map.of("person", other.id()));
    assertEquals(403, admin.post(path, forAnother).statusCode());
    assertEquals(200, me(cast.token(erin)).statusCode());
  }

  @Test
  void theApiAddsPeopleTooAndNamesWhatDoesNotFit() {
    String user = newUser();
    Map<String, Object> body = Map.of("user", user, "name", "Nia", "groups", List.of("b", "a"));
    Map<String, Object> proved = new HashMap<>(body);
    proved.put(
        "proof",
        Prover.proof(
            adminToken, key, "person-add", Map.of("user", user, "name", "Nia", "groups", "a b")));
    Response made = post("/people", proved);
    assertEquals(201, made.statusCode(), made.asString());
    assertTrue(made.jsonPath().getString("url").contains("/enrol/"));

    assertEquals("user", post("/people", body).jsonPath().getString("field"), "taken");
    Map<String, Object> holes = new HashMap<>(Map.of("user", newUser(), "name", "Nia"));
    holes.put("groups", java.util.Arrays.asList("a", null));
    assertEquals("group", post("/people", holes).jsonPath().getString("field"));
    Person erin = cast.person("Erin");
    assertEquals(
        "group", post("/people/" + erin.id() + "/leave", Map.of()).jsonPath().getString("field"));
    assertEquals(404, post("/people/nobody/reset", Map.of()).statusCode());
  }

  @Test
  void whoRecoveredTheirAccountTodayTakesAwayButGivesNothing() {
    Person root = cast.person("Root", "administrators");
    VirtualPasskey recovered = cast.passkey(root);
    cast.run("update passkey set trusted_since = clock_timestamp() where person = ?", root.id());
    String token = cast.token(root);
    Person erin = cast.person("Erin", "engineering");
    Map<String, Object> hers = Map.of("person", erin.id());
    Map<String, Object> group = Map.of("group", "dba-oncall", "person", erin.id());
    String people = "/people/" + erin.id();

    assertHeld(
        prove(
            token,
            recovered,
            "/people",
            "person-add",
            Map.of("user", newUser(), "name", "Puppet", "groups", "administrators"),
            Map.of("groups", List.of("administrators"))));
    assertHeld(prove(token, recovered, people + "/reset", "person-reset", hers, Map.of()));
    assertHeld(prove(token, recovered, people + "/join", "group-join", group, Map.of()));
    assertHeld(prove(token, recovered, people + "/leave", "group-leave", group, Map.of()));
    String key = keys(token).get(0);
    assertHeld(
        prove(
            token,
            recovered,
            "/keys/" + key + "/removal",
            "key-remove",
            Map.of("key", key),
            Map.of()));
    assertHeld(makeToken(token, recovered, "admin"));
    assertEquals(201, makeToken(token, recovered, "read").statusCode());

    Response disabled =
        prove(token, recovered, people + "/disable", "person-disable", hers, Map.of());
    assertEquals(204, disabled.statusCode(), disabled.asString());
    assertFalse(this.people.mustBe(erin.id()).enabled());
  }

  private static Response makeToken(String token, VirtualPasskey key, String scope) {
    return prove(
        token,
        key,
        "/tokens",
        "token-create",
        Map.of("name", "ci", "scopes", scope, "days", 1),
        Map.of("scopes", List.of(scope)));
  }

  private static void assertHeld(Response answer) {
    assertEquals(403, answer.statusCode(), answer.asString());
    assertEquals("not-allowed", answer.jsonPath().getString("code"));
    String detail = answer.jsonPath().getString("detail");
    assertTrue(detail.contains("counts for this from 20"), detail);
    assertTrue(answer.jsonPath().getInt("retryAfter") > 86_000, answer.asString());
  }

  /** By the API; what of the act is no part of the body, or is there in another form, is named. */
  private static Response prove(
      String token,
      VirtualPasskey key,
      String path,
      String act,
      Map<String, Object> fields,
      Map<String, ?> asSent) {
    Map<String, Object> body = new HashMap<>(fields);
    body.keySet().removeAll(List.of("person", "key"));
    body.putAll(asSent);
    body.put("proof", Prover.proof(token, key, act, fields));
    return given()
        .header("Authorization", "Bearer " + token)
        .contentType("application/json")
        .body(body)
        .post("/api/v1" + path);
  }

  private static List<String> keys(String token) {
    return given()
        .header("Authorization", "Bearer " + token)
        .get("/api/v1/keys")
        .jsonPath()
        .getList("passkeys.id");
  }

  private String add(String user) {
    Response made =
        admin.post(
            "/admin/people",
            Prover.form(
                admin,
                key,
                "person-add",
                Map.of("user", user, "name", "Nia", "groups", "engineering")));
    assertEquals(200, made.statusCode(), made.asString());
    return link(made);
  }

  private Response act(String path, String act, Person person, Map<String, ?> more) {
    Map<String, Object> fields = new HashMap<>(more);
    fields.put("person", person.id());
    return admin.post("/admin/people/" + person.id() + path, Prover.form(admin, key, act, fields));
  }

  private Response post(String path, Map<String, ?> body) {
    return given()
        .header("Authorization", "Bearer " + adminToken)
        .contentType("application/json")
        .body(body)
        .post("/api/v1" + path);
  }

  private static Response open(Browser browser, String link) {
    return browser.post(link, Map.of("password", GOOD, "again", GOOD));
  }

  private static Response me(String token) {
    return given().header("Authorization", "Bearer " + token).get("/api/v1/me");
  }

  private static String newUser() {
    return "nia-" + Ids.next().substring(0, 10);
  }

  private static String link(Response page) {
    return found(page.asString(), "(/enrol/[A-Za-z0-9_-]{43})");
  }

  private static List<String> recoveryCodes(Response page) {
    return Pattern.compile("<li>([a-z2-7]{4}(?:-[a-z2-7]{4}){3})</li>")
        .matcher(page.asString())
        .results()
        .map(match -> match.group(1))
        .toList();
  }

  private static String found(String page, String pattern) {
    Matcher found = Pattern.compile(pattern).matcher(page);
    assertTrue(found.find(), () -> pattern + " in " + page);
    return found.group(1);
  }
}

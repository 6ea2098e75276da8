package dev.curfew.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.curfew.Ids;
import dev.curfew.testing.VirtualPasskey;
import io.quarkus.elytron.security.common.BcryptUtil;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Every POST that there is, sent a hundred times at once, half of them to each of two nodes: what
 * it does is done once, and whoever comes too late is told so. A form of a page that does what a
 * call of the API does, and no more, is that call's twin and not sent itself.
 */
@Tag("faults")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DoublesIT {

  private static final int CALLS = 100;

  /** So many of them may hear that the machine cannot take them now; the others did meet. */
  private static final int BUSY_AT_MOST = 10;

  private static final Duration BACK = Duration.ofSeconds(10);
  private static final String PASSWORD = "correct horse battery staple";
  private static final String FIRST = "first";
  private static final Pattern SEED = Pattern.compile("<code id=\"seed\"[^>]*>([A-Z2-7]+)<");
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Which call of the API a form is the twin of. */
  private static final Map<String, String> TWINS =
      Map.ofEntries(
          Map.entry("/ask/forecast", "/requests/forecast"),
          Map.entry("/requests/{id}/vote", "/requests/{request}/votes"),
          Map.entry("/requests/{id}/cancel", "/requests/{request}/cancel"),
          Map.entry("/grants/{id}/pick-up", "/grants/{grant}/pick-up"),
          Map.entry("/grants/{id}/give-back", "/grants/{grant}/give-back"),
          Map.entry("/grants/{id}/revoke", "/grants/{grant}/revoke"),
          Map.entry("/grants/{id}/attest", "/grants/{grant}/attest"),
          Map.entry("/admin/people", "/people"),
          Map.entry("/admin/people/{person}/reset", "/people/{person}/reset"),
          Map.entry("/admin/people/{person}/join", "/people/{person}/join"),
          Map.entry("/admin/people/{person}/leave", "/people/{person}/leave"),
          Map.entry("/admin/people/{person}/disable", "/people/{person}/disable"),
          Map.entry("/admin/packs/accept", "/packs/{digest}/accept"),
          Map.entry("/admin/targets/{id}/check", "/targets/{target}/check"),
          Map.entry("/admin/targets/server", "/targets/{target}/server"),
          Map.entry("/admin/findings/release", "/findings/{finding}/release"),
          Map.entry("/admin/quarantine/decide", "/quarantine/findings/{finding}"),
          Map.entry("/admin/quarantine/end", "/quarantine/end"),
          Map.entry("/admin/operations/clock", "/clock/accept"));

  private final Fleet fleet =
      new Fleet(
          "doubles",
          2,
          Map.of(
              "curfew.mfa.admin-accept-code", "true",
              "curfew.grant.reconcile-every", "2s",
              "curfew.grant.stuck-after", "1s",
              "curfew.targets.check-every", "2s",
              "curfew.packs.reread", "2s"));
  private final Set<String> sent = new TreeSet<>();
  private final Set<String> sentForms = new TreeSet<>();
  private final ExecutorService hands = Executors.newFixedThreadPool(CALLS);
  private Trial trial;
  private List<Fleet.Answer> setUp;
  private int busy;
  private Fleet.Person erin;
  private Fleet.Person ann;
  private Fleet.Person ada;

  @BeforeAll
  void start() {
    fleet.start(2);
    trial = new Trial(fleet, Bounds.ofTheDesign());
    fleet.secret(PASSWORD);
    String token = setUpToken(); // good while nobody is an administrator
    setUp =
        forms(new Tab(), "/set-up", "", Map.of("token", token, "user", FIRST, "name", "The First"));
    erin = everything(fleet.person("engineering"));
    ann = everything(fleet.person("dba-oncall"));
    ada = everything(fleet.person("administrators"));
  }

  @AfterAll
  void stop() {
    hands.shutdownNow();
    fleet.close();
  }

  @Test
  @Order(1)
  void oneFirstAdministrator() {
    assertEquals(1, good(setUp), new TreeSet<>(words(setUp)).toString());
    assertEquals(1, entries("installation-set-up"));
    String first = "(select person from account where sub = '" + FIRST + "')";
    assertEquals(1, fleet.number("select count(*) from membership where person in " + first));
    assertEquals(1, fleet.number("select count(*) from enrolment_link where person in " + first));
    assertFalse(Files.exists(node(0).setUpToken()), "the token is used up");
  }

  @Test
  @Order(2)
  void oneRequestOneVoteOneSecretOneEnd() {
    Map<String, Object> ask = Map.of("entitlement", "t1/look", "window", 30, "reason", "a look");
    hundred(erin, "/requests/forecast", "", ask);
    once(
        "request-submitted",
        1,
        "access_request" + of(erin),
        () -> hundred(erin, "/requests", "", proved(ask, erin)));
    String request = fleet.text("select id from access_request where person = '" + erin.id() + "'");
    Map<String, Object> vote =
        Map.of(
            "choice",
            "APPROVE",
            "shown",
            fleet.get(node(0), ann, "/requests/" + request).text("shown"));
    once(
        "vote-cast",
        1,
        "vote where request_id = '" + request + "'",
        () -> hundred(ann, "/requests/{request}/votes", request, proved(vote, ann)));
    String grant = fleet.get(node(0), erin, "/requests/" + request).text("grant");
    assertEquals(1, entries("grant-opened", grant));
    Fleet.await("active", Duration.ofSeconds(40), () -> fleet.state(grant).equals("ACTIVE"));
    List<Fleet.Answer> picked =
        once(
            "secret-shown",
            1,
            "access_grant where picked_up_at is not null and id = '" + grant + "'",
            () -> hundred(erin, "/grants/{grant}/pick-up", grant, proved(Map.of(), erin)));
    assertEquals(1, good(picked), "a secret is shown once");
    once(
        "grant-ending",
        1,
        ending(grant),
        () -> hundred(erin, "/grants/{grant}/give-back", grant, Map.of()));
    Fleet.await("over", Duration.ofSeconds(40), () -> fleet.state(grant).equals("ENDED"));
    assertEquals(1, entries("grant-ended", grant));

    String taken = activeOf("t1");
    once(
        "grant-ending",
        1,
        ending(taken),
        () -> hundred(ada, "/grants/{grant}/revoke", taken, Map.of("note", "no")));
    Fleet.await("over", Duration.ofSeconds(40), () -> fleet.state(taken).equals("ENDED"));
    assertEquals(1, entries("grant-ended", taken));

    String unwanted = Fleet.must(fleet.ask(node(0), erin, "t1", 30)).text("id");
    once(
        "request-cancelled",
        1,
        "access_request where state = 'CANCELLED'",
        () -> hundred(erin, "/requests/{request}/cancel", unwanted, Map.of()));
  }

  @Test
  @Order(3)
  void oneKeyOneTokenOnePassword() throws IOException {
    Fleet.Person zoe = withPassword();
    hundred(zoe, "/keys/options", "", Map.of());
    Map<String, Object> first = newKey(zoe);
    once("key-added", 1, "passkey" + of(zoe), () -> hundred(zoe, "/keys", "", proved(first, zoe)));
    String key = fleet.text("select id from passkey where person = '" + zoe.id() + "'");
    Fleet.must(fleet.post(node(1), zoe, "/keys", newKey(zoe), true));
    once(
        "key-removed",
        -1,
        "passkey" + of(zoe),
        () -> hundred(zoe, "/keys/{key}/removal", key, proved(Map.of(), zoe)));
    hundred(zoe, "/proofs", "", Map.of("act", "recovery-renew", "body", Map.of()));
    once(
        "recovery-codes-renewed",
        0,
        "recovery_code" + of(zoe),
        () -> hundred(zoe, "/keys/recovery-codes", "", proved(Map.of(), zoe)));
    List<Fleet.Answer> drafts = hundred(zoe, "/keys/codes/draft", "", Map.of());
    assertEquals(
        1,
        drafts.stream().filter(Fleet.Answer::isGood).map(a -> a.text("secret")).distinct().count(),
        "all are shown the same seed");
    String seed =
        Fleet.must(fleet.post(node(0), zoe, "/keys/codes/draft", Map.of(), false)).text("secret");
    once(
        "codes-added",
        0,
        "totp" + of(zoe),
        () -> hundred(zoe, "/keys/codes", "", proved(Map.of("code", fleet.code(seed)), zoe)));
    // the copies that came too late had a code of the old app, and wrong codes are counted
    fleet.run("delete from code_guard where person = ?", zoe.id());
    fleet.run("update totp set last_step = -1 where person = ?", zoe.id());
    Map<String, Object> byTheNewOne = Map.of("proof", Map.of("code", fleet.code(seed)));
    once(
        "codes-removed",
        -1,
        "totp" + of(zoe),
        () -> hundred(zoe, "/keys/codes/removal", "", byTheNewOne));

    Fleet.Person yan = withPassword();
    Map<String, Object> password = Map.of("old", PASSWORD, "chosen", PASSWORD + ", again");
    once(
        "password-changed",
        0,
        "local_password" + of(yan),
        () -> hundred(yan, "/password", "", proved(password, yan)));
    Map<String, Object> token = Map.of("name", "one", "scopes", List.of("read"), "days", 1);
    once(
        "token-created",
        1,
        "personal_token" + of(yan),
        () -> hundred(yan, "/tokens", "", proved(token, yan)));
    assertEquals(CALLS, good(hundred(yan, "/token", "", Map.of())), "trades change nothing");
    once(
        "signed-out",
        1,
        "personal_token where ended_at is not null",
        () -> hundred(yan, "/sign-out", "", Map.of()));
    assertEquals(401, fleet.get(node(0), yan, "/me").status());
  }

  @Test
  @Order(4)
  void oneWayInByALink() throws IOException {
    String link = oneGood(setUp).text("location").substring("/enrol/".length());
    String first = fleet.text("select person from account where sub = '" + FIRST + "'");
    String of = " where person = '" + first + "'";
    fleet.secret(link);
    Map<String, String> chosen = Map.of("password", PASSWORD, "again", PASSWORD);
    List<Fleet.Answer> opened =
        once(
            "password-changed",
            1,
            "local_password" + of,
            () -> forms(new Tab(), "/enrol/{secret}", link, chosen));
    // whoever knows the password that was chosen may go on by the link until it is used
    assertEquals(good(opened), fleet.number("select count(*) from web_session" + of));
    Tab tab = new Tab();
    fleet.secret(tab.goOn(node(0), oneGood(opened), "/enrol"));
    List<Fleet.Answer> options = forms(tab, "/enrol/passkey-options", "", Map.of());
    Map<String, String> key = newKeyForm(options);
    once("key-added", 1, "passkey" + of, () -> forms(tab, "/enrol/passkey", "", key));
    assertEquals(1, told("link-used", first));
    assertEquals(1, told("signed-in", first));
    assertEquals(1, fleet.number("select count(*) from web_session" + of + " and level = 'FULL'"));
    assertEquals(10, fleet.number("select count(*) from recovery_code" + of));
  }

  @Test
  @Order(5)
  void oneSignInOneRecovery() {
    Fleet.Person wim = withPassword();
    Map<String, String> password = Map.of("user", wim.id(), "password", PASSWORD);
    Tab stranger = new Tab();
    List<Fleet.Answer> halfWay = forms(stranger, "/sign-in", "", password);
    // each is half-way in by itself, and that is no sign-in yet
    assertEquals(good(halfWay), fleet.number("select count(*) from web_session" + of(wim)));
    assertEquals(0, told("signed-in", wim.id()));
    Tab tab = new Tab();
    fleet.secret(tab.goOn(node(0), oneGood(halfWay), "/sign-in/second"));
    List<Fleet.Answer> in =
        once(
            "signed-in",
            1,
            "web_session" + of(wim) + " and level = 'FULL'",
            () -> forms(tab, "/sign-in/second", "", proof(wim)));
    assertEquals(1, good(in), "one cookie is good");

    String code = recoveryCode(wim);
    Tab lost = halfWay(wim);
    List<Fleet.Answer> recovered =
        once(
            "recovery-code-used",
            -1,
            "recovery_code" + of(wim),
            () -> forms(lost, "/sign-in/recovery", "", Map.of("code", code)));
    assertEquals(1, good(recovered), "one cookie is good");
    assertEquals(
        1,
        fleet.number("select count(*) from web_session" + of(wim) + " and ended_at is null"),
        "all else is over");
  }

  @Test
  @Order(5)
  void oneAppAfterARecovery() {
    Fleet.Person wes = withPassword();
    String code = recoveryCode(wes);
    Tab tab = halfWay(wes);
    tab.goOn(node(1), tab.post(node(0), "/sign-in/recovery", Map.of("code", code)), "/enrol");
    String seed = seed(tab.get(node(0), "/enrol"));
    Map<String, String> first = Map.of("code", fleet.code(seed));
    List<Fleet.Answer> added =
        once("codes-added", 0, "totp" + of(wes), () -> forms(tab, "/enrol/codes", "", first));
    assertEquals(1, good(added), "recovery codes are shown once");
    assertEquals(1, told("signed-in", wes.id()));
    assertEquals(10, fleet.number("select count(*) from recovery_code" + of(wes)));
  }

  @Test
  @Order(6)
  void oneKeyOnThePageOfKeys() throws IOException {
    Fleet.Person vic = withPassword();
    Tab tab = signedIn(vic);
    assertEquals(CALLS, good(forms(tab, "/proofs", "", Map.of("act", "key-add", "body", "{}"))));
    Map<String, String> key = newKeyForm(forms(tab, "/keys/passkey-options", "", Map.of()));
    once("key-added", 1, "passkey" + of(vic), () -> forms(tab, "/keys", "", proof(vic, key)));
    String added = fleet.text("select id from passkey" + of(vic));
    Fleet.must(fleet.post(node(1), vic, "/keys", newKey(vic), true));
    once(
        "key-removed",
        -1,
        "passkey" + of(vic),
        () -> forms(tab, "/keys/{key}/remove", added, proof(vic)));
    once(
        "recovery-codes-renewed",
        0,
        "recovery_code" + of(vic),
        () -> forms(tab, "/keys/recovery", "", proof(vic)));
    String seed = seed(tab.get(node(1), "/keys/codes"));
    Map<String, String> code = Map.of("code", fleet.code(seed));
    once("codes-added", 0, "totp" + of(vic), () -> forms(tab, "/keys/codes", "", proof(vic, code)));
    // the copies that came too late had a code of the old app, and wrong codes are counted
    fleet.run("delete from code_guard where person = ?", vic.id());
    fleet.run("update totp set last_step = -1 where person = ?", vic.id());
    Map<String, String> byTheNewOne = Map.of("proof_code", fleet.code(seed));
    once(
        "codes-removed",
        -1,
        "totp" + of(vic),
        () -> forms(tab, "/keys/codes/remove", "", byTheNewOne));
  }

  @Test
  @Order(7)
  void oneRequestOneTokenOnePasswordOnPages() {
    Fleet.Person uli = withPassword();
    Tab tab = signedIn(uli);
    Map<String, String> ask =
        Map.of(
            "entitlement", "t2/look",
            "window", "30",
            "reason", "a look",
            "idempotency_key", Ids.next());
    once(
        "request-submitted",
        1,
        "access_request" + of(uli),
        () -> forms(tab, "/ask", "", proof(uli, ask)));
    Map<String, String> token = Map.of("name", "one", "scopes", "read", "days", "1");
    once(
        "token-created",
        1,
        "personal_token" + of(uli),
        () -> forms(tab, "/keys/tokens", "", proof(uli, token)));
    Map<String, String> password =
        Map.of("old", PASSWORD, "password", PASSWORD + "!", "again", PASSWORD + "!");
    once(
        "password-changed",
        0,
        "local_password" + of(uli),
        () -> forms(tab, "/keys/password", "", proof(uli, password)));
  }

  @Test
  @Order(7)
  void oneEndOfAToken() {
    Fleet.Person una = withPassword();
    String token = fleet.text("select id from personal_token" + of(una));
    Tab tab = signedIn(una);
    once(
        "token-ended",
        1,
        "personal_token" + of(una) + " and ended_at is not null",
        () -> forms(tab, "/keys/tokens/{token}/end", token, Map.of()));
  }

  @Test
  @Order(7)
  void oneGoodbyeOnPages() {
    Fleet.Person tom = withPassword();
    String over = "web_session" + of(tom) + " and ended_at is not null";
    Tab there = signedIn(tom);
    String session = fleet.text("select id from web_session" + of(tom));
    Tab here = signedIn(tom);
    once(
        "signed-out",
        1,
        over,
        () -> forms(here, "/keys/sessions/{session}/end", session, Map.of()));
    assertEquals(401, there.post(node(0), "/keys/recovery", proof(tom)).status());
    once("signed-out", 1, over, () -> forms(here, "/sign-out", "", Map.of()));
    assertEquals(401, here.post(node(1), "/keys/recovery", proof(tom)).status());
  }

  @Test
  @Order(7)
  void oneGoodbyeEverywhere() {
    Fleet.Person sam = withPassword();
    signedIn(sam);
    Tab tab = signedIn(sam);
    once(
        "signed-out",
        2,
        "web_session" + of(sam) + " and ended_at is not null",
        () -> forms(tab, "/sign-out/everywhere", "", Map.of()));
    assertEquals(401, fleet.get(node(0), sam, "/me").status(), "its token, too");
  }

  @Test
  @Order(8)
  void onePersonOneGroupOneGoodbye() {
    Map<String, Object> mia =
        Map.of("user", "mia", "name", "Mia", "groups", List.of("engineering"));
    once("person-added", 1, "person", () -> hundred(ada, "/people", "", proved(mia, ada)));
    String id = fleet.text("select person from account where sub = 'mia'");
    Map<String, Object> group = Map.of("group", "dba-oncall");
    String memberships = "membership where person = '" + id + "'";
    once(
        "group-joined",
        1,
        memberships,
        () -> hundred(ada, "/people/{person}/join", id, proved(group, ada)));
    once(
        "group-left",
        -1,
        memberships,
        () -> hundred(ada, "/people/{person}/leave", id, proved(group, ada)));
    once(
        "person-reset",
        1,
        "enrolment_link where person = '" + id + "'",
        () -> hundred(ada, "/people/{person}/reset", id, proved(Map.of(), ada)));
    once(
        "person-disabled",
        1,
        "person where not enabled",
        () -> hundred(ada, "/people/{person}/disable", id, proved(Map.of(), ada)));
  }

  @Test
  @Order(9)
  void onePackOneServerOneFinding() throws IOException {
    Path rules = fleet.folder.resolve("approvals/look.yaml");
    Files.writeString(rules, Files.readString(rules).replace("name: look", "name: a-look"));
    Fleet.await(
        "both nodes know of it",
        Duration.ofSeconds(60),
        () -> proposed(node(0)).equals(proposed(node(1))) && !proposed(node(0)).isEmpty());
    String digest = proposed(node(0));
    once(
        "snapshot-accepted",
        1,
        "snapshot_acceptance",
        () -> hundred(ada, "/packs/{digest}/accept", digest, proved(Map.of(), ada)));

    hundred(ada, "/targets/{target}/check", "t2", Map.of());
    String server = fleet.text("select server from target_server where target = 't2'");
    fleet.run("update target_server set server = 'its-predecessor' where target = 't2'");
    Fleet.await(
        "another server is noticed",
        Duration.ofSeconds(40),
        () ->
            fleet.number(
                    "select count(*) from target_server where target = 't2' and other is not null")
                == 1);
    once(
        "server-accepted",
        1,
        "target_server where target = 't2' and server = '" + server + "'",
        () ->
            hundred(ada, "/targets/{target}/server", "t2", proved(Map.of("server", server), ada)));

    String orphan = seedOrphan();
    Fleet.await("it is found", Duration.ofSeconds(40), () -> fleet.number(findings(orphan)) >= 1);
    String finding = fleet.text(findings(orphan).replace("count(*)", "min(id)"));
    once(
        "orphan-released",
        1,
        "grant_finding where released_by is not null",
        () -> hundred(ada, "/findings/{finding}/release", finding, proved(Map.of(), ada)));
    Fleet.await(
        "it is taken away", Duration.ofSeconds(40), () -> fleet.number(findings(orphan)) == 0);
  }

  @Test
  @Order(10)
  void oneAttestation() {
    String grant = activeOf("t1");
    Instant from = Trial.now();
    trial.observer.fault(from, Instant.MAX, BACK);
    fleet.targets.get("t1").refuse();
    Fleet.must(fleet.giveBack(node(0), erin, grant));
    Fleet.await("stuck", Duration.ofSeconds(60), () -> fleet.state(grant).equals("STUCK"));
    Map<String, Object> why = Map.of("note", "the server was scrapped");
    once(
        "grant-attested",
        1,
        "access_grant where end_reason = 'ATTESTED'",
        () -> hundred(ada, "/grants/{grant}/attest", grant, proved(why, ada)));
    fleet.targets.get("t1").pass();
    trial.observer.fault(from, Trial.now(), BACK);
  }

  @Test
  @Order(11)
  void oneQuarantineOneClock() {
    String lost = seedOrphan();
    fleet.run(
        "update store_quarantine set since = clock_timestamp(), reasons = '[\"as a test says\"]'");
    String listed = "select count(*) from quarantine_finding where name = '" + lost + "'";
    Fleet.await("it is listed", Duration.ofSeconds(40), () -> fleet.number(listed) >= 1);
    String finding = fleet.text(listed.replace("count(*)", "min(id)"));
    once(
        "quarantine-decided",
        1,
        "quarantine_finding where choice is not null",
        () ->
            hundred(
                ada,
                "/quarantine/findings/{finding}",
                finding,
                proved(Map.of("choice", "ADOPT"), ada)));
    once(
        "quarantine-ended",
        -1,
        "store_quarantine where since is not null",
        () -> hundred(ada, "/quarantine/end", "", proved(Map.of(), ada)));

    Duration back = Duration.ofMinutes(10);
    Instant from = Trial.now().minus(back); // what is told from the acceptance on is that old
    trial.observer.fault(from, Instant.MAX, BACK);
    fleet.turnClock(back.negated());
    Fleet.await(
        "both nodes see it",
        Duration.ofSeconds(40),
        () -> fleet.nodes.stream().allMatch(node -> behind(node) > 60));
    once(
        "clock-accepted",
        1,
        "store_clock where accepted = 1",
        () -> hundred(ada, "/clock/accept", "", proved(Map.of(), ada)));
    fleet.turnClock(Duration.ZERO);
    trial.observer.fault(from, Trial.now(), BACK);
  }

  @Test
  @Order(12)
  void everyPostWasSent() throws IOException, ReflectiveOperationException {
    Set<String> described = new TreeSet<>();
    JSON.readTree(fleet.get(node(0), ada, "/../openapi?format=JSON").body().toString())
        .path("paths")
        .fields()
        .forEachRemaining(
            path -> {
              if (path.getKey().startsWith("/api/v1") && path.getValue().has("post")) {
                described.add(path.getKey().substring("/api/v1".length()));
              }
            });
    assertFalse(described.isEmpty());
    assertEquals(described, sent);
    Set<String> forms = Posts.ofPages();
    assertTrue(forms.size() > 30, forms.toString());
    Set<String> covered = new TreeSet<>(sentForms);
    covered.addAll(TWINS.keySet());
    assertEquals(forms, covered);
    assertEquals(Posts.ofTheApi(), sent);
    assertTrue(sent.containsAll(TWINS.values()), "each twin was sent");
    System.out.printf(
        "faults: %d calls and %d forms a hundred times at once, %d answers of 503%n",
        sent.size(), sentForms.size(), busy);
  }

  @Test
  @Order(13)
  void nobodySawABreach() {
    trial.judge();
  }

  // what the tests share

  private interface Act {
    List<Fleet.Answer> all();
  }

  /**
   * What the act is told as is in the history once more than before.
   *
   * @param change by how much these rows of the store become more
   */
  private List<Fleet.Answer> once(String kind, int change, String rows, Act act) {
    String count = "select count(*) from " + rows;
    long told = entries(kind);
    long before = fleet.number(count);
    List<Fleet.Answer> answers = act.all();
    assertTrue(good(answers) >= 1, kind + ": " + new TreeSet<>(words(answers)));
    assertEquals(told + 1, entries(kind), kind);
    assertEquals(before + change, fleet.number(count), rows);
    return answers;
  }

  /**
   * The same call a hundred times at once.
   *
   * @param path as the API describes it
   * @param id what stands in the path's braces
   */
  private List<Fleet.Answer> hundred(
      Fleet.Person who, String path, String id, Map<String, ?> body) {
    sent.add(path);
    String filled = path.replaceAll("\\{\\w+}", id);
    return hundred(path, node -> fleet.post(node, who, filled, body, false));
  }

  /** The same form a hundred times at once; {@code path} as the page's class has it. */
  private List<Fleet.Answer> forms(Tab tab, String path, String id, Map<String, String> form) {
    sentForms.add(path);
    String filled = path.replaceAll("\\{\\w+}", id);
    return hundred(path, node -> tab.post(node, filled, form));
  }

  /** By turns to each node. Each is answered, and what is refused says why. */
  private List<Fleet.Answer> hundred(String what, Function<Node, Fleet.Answer> call) {
    CountDownLatch go = new CountDownLatch(CALLS);
    List<Future<Fleet.Answer>> under = new ArrayList<>();
    for (int i = 0; i < CALLS; i++) {
      Node node = node(i % 2);
      under.add(
          hands.submit(
              () -> {
                go.countDown();
                go.await();
                return call.apply(node);
              }));
    }
    List<Fleet.Answer> answers = new ArrayList<>();
    for (Future<Fleet.Answer> each : under) {
      try {
        answers.add(each.get());
      } catch (Exception e) {
        throw new IllegalStateException(what, e);
      }
    }
    Set<String> all = new TreeSet<>(words(answers));
    for (Fleet.Answer answer : answers) {
      boolean refused = answer.status() / 100 == 4 || answer.status() == 503;
      assertTrue(answer.isGood() || refused, what + ": " + all);
      assertTrue(answer.isGood() || !answer.text("detail").isBlank(), what + ": " + all);
    }
    int now = (int) answers.stream().filter(answer -> answer.status() == 503).count();
    assertTrue(now <= BUSY_AT_MOST, what + ": " + now + " were too many: " + all);
    busy += now;
    return answers;
  }

  private static Fleet.Answer oneGood(List<Fleet.Answer> answers) {
    return answers.stream().filter(Fleet.Answer::isGood).findFirst().orElseThrow();
  }

  private static long good(List<Fleet.Answer> answers) {
    return answers.stream().filter(Fleet.Answer::isGood).count();
  }

  private static List<String> words(List<Fleet.Answer> answers) {
    return answers.stream().map(answer -> answer.status() + " " + answer.text("detail")).toList();
  }

  private String proposed(Node node) {
    return fleet.get(node, ada, "/packs").body().at("/proposals/0/digest").asText();
  }

  private double behind(Node node) {
    return fleet.get(node, ada, "/clock").body().path("storeBehindSeconds").asDouble();
  }

  /** With one code, the same in all copies. */
  private Map<String, Object> proved(Map<String, ?> body, Fleet.Person who) {
    fleet.run("update totp set last_step = -1 where person = ?", who.id());
    Map<String, Object> whole = new HashMap<>(body);
    whole.put("proof", Map.of("code", fleet.code()));
    return whole;
  }

  private Fleet.Person everything(Fleet.Person person) {
    fleet.run(
        "update personal_token set scopes = 'read request approve admin' where person = ?",
        person.id());
    return person;
  }

  private Fleet.Person withPassword() {
    Fleet.Person person = everything(fleet.person("engineering"));
    fleet.run(
        "insert into local_password (person, hash, changed_at) values (?, ?, clock_timestamp())",
        person.id(),
        BcryptUtil.bcryptHash(PASSWORD, 4));
    return person;
  }

  /** In by the first step. */
  private Tab halfWay(Fleet.Person who) {
    fleet.run("delete from sign_in_delay");
    Tab tab = new Tab();
    Map<String, String> password = Map.of("user", who.id(), "password", PASSWORD);
    tab.goOn(node(1), tab.post(node(0), "/sign-in", password), "/sign-in/second");
    return tab;
  }

  /** In by both steps. */
  private Tab signedIn(Fleet.Person who) {
    Tab tab = halfWay(who);
    fleet.secret(tab.goOn(node(0), tab.post(node(1), "/sign-in/second", proof(who)), "/keys"));
    return tab;
  }

  /** One of ten. */
  private String recoveryCode(Fleet.Person of) {
    List<String> codes = new ArrayList<>();
    Fleet.must(fleet.post(node(0), of, "/keys/recovery-codes", Map.of(), true))
        .body()
        .path("recoveryCodes")
        .forEach(code -> codes.add(code.asText()));
    codes.forEach(fleet::secret);
    return codes.get(0);
  }

  private Map<String, String> proof(Fleet.Person who) {
    return proof(who, Map.of());
  }

  private Map<String, String> proof(Fleet.Person who, Map<String, String> form) {
    fleet.run("update totp set last_step = -1 where person = ?", who.id());
    Map<String, String> whole = new HashMap<>(form);
    whole.put("proof_code", fleet.code());
    return whole;
  }

  /** What a browser makes of the options that one of these answers has. */
  private static Map<String, String> newKeyForm(List<Fleet.Answer> options) {
    Fleet.Answer one = oneGood(options);
    String made = newPasskey().make(one.body().get("publicKey").toString());
    return Map.of("name", "Key", "credential_nonce", one.text("nonce"), "credential", made);
  }

  /** The seed for an app, as the page shows it to those who cannot scan. */
  private String seed(Fleet.Answer page) {
    Matcher seed = SEED.matcher(page.text("page"));
    assertTrue(seed.find(), page.text("detail"));
    fleet.secret(seed.group(1));
    return seed.group(1);
  }

  private String setUpToken() {
    try {
      return Files.readString(node(0).setUpToken()).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private long told(String kind, String person) {
    return fleet.number(
        "select count(*) from audit_entry where outcome = 'DONE' and kind = '"
            + kind
            + "' and subject = '"
            + person
            + "'");
  }

  private static VirtualPasskey newPasskey() {
    return new VirtualPasskey("https://curfew.example.org", "curfew.example.org");
  }

  private Map<String, Object> newKey(Fleet.Person of) throws IOException {
    Fleet.Answer options = Fleet.must(fleet.post(node(0), of, "/keys/options", Map.of(), false));
    String made = newPasskey().make(options.body().get("publicKey").toString());
    return Map.of("name", "Key", "nonce", options.text("nonce"), "credential", JSON.readTree(made));
  }

  private String activeOf(String target) {
    String request = Fleet.must(fleet.ask(node(0), erin, target, 30)).text("id");
    Fleet.must(fleet.approve(node(0), ann, request));
    String grant = fleet.get(node(0), erin, "/requests/" + request).text("grant");
    Fleet.await("active", Duration.ofSeconds(40), () -> fleet.state(grant).equals("ACTIVE"));
    return grant;
  }

  private long entries(String kind) {
    return fleet.number(
        "select count(*) from audit_entry where outcome = 'DONE' and kind = '" + kind + "'");
  }

  private static String of(Fleet.Person person) {
    return " where person = '" + person.id() + "'";
  }

  private static String ending(String grant) {
    return "access_grant where ending_at is not null and id = '" + grant + "'";
  }

  private long entries(String kind, String grant) {
    return fleet.number(
        "select count(*) from audit_entry where kind = '"
            + kind
            + "' and grant_id = '"
            + grant
            + "'");
  }

  private static String findings(String name) {
    return "select count(*) from grant_finding where gone_at is null and name = '" + name + "'";
  }

  /** Something of ours that no grant knows and whose end is to come. */
  private String seedOrphan() {
    String id = Ids.next();
    String name = "jit_" + Fleet.BROKER + "_" + id;
    Instant until = Instant.parse("2100-01-01T00:00:00Z");
    String mark =
        "{\"curfew\":1,\"installation\":\"%s\",\"broker\":\"%s\",\"grant\":\"%s\",\"exp\":\"%s\"}"
            .formatted(fleet.text("select id from installation"), Fleet.BROKER, id, until);
    fleet.onServer(
        "begin", // nobody sees it without its mark
        "set role curfew_broker",
        "create role " + name + " nologin valid until '" + until + "'",
        "comment on role " + name + " is '" + mark + "'",
        "commit",
        "reset role");
    return name;
  }

  private Node node(int i) {
    return fleet.nodes.get(i);
  }
}

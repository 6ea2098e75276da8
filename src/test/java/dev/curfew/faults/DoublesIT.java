package dev.curfew.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.curfew.Ids;
import dev.curfew.testing.VirtualPasskey;
import io.quarkus.elytron.security.common.BcryptUtil;
import java.io.IOException;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Every POST that the API describes, sent a hundred times at once, half of them to each of two
 * nodes: what it does is done once, and whoever comes too late is told so.
 */
@Tag("faults")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DoublesIT {

  private static final int CALLS = 100;
  private static final String PASSWORD = "correct horse battery staple";
  private static final ObjectMapper JSON = new ObjectMapper();

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
  private final ExecutorService hands = Executors.newFixedThreadPool(CALLS);
  private Observer observer;
  private Fleet.Person erin;
  private Fleet.Person ann;
  private Fleet.Person ada;

  @BeforeAll
  void start() {
    fleet.start(2);
    observer = fleet.observer(Bounds.ofTheDesign());
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
  void oneRequestOneVoteOneSecretOneEnd() {
    Map<String, Object> ask = Map.of("entitlement", "t1/look", "window", 30, "reason", "a look");
    hundred(erin, "/requests/forecast", "", ask);
    once("request-submitted", () -> hundred(erin, "/requests", "", proved(ask, erin)));
    String request = fleet.text("select id from access_request where person = '" + erin.id() + "'");
    Map<String, Object> vote =
        Map.of(
            "choice",
            "APPROVE",
            "shown",
            fleet.get(node(0), ann, "/requests/" + request).text("shown"));
    once("vote-cast", () -> hundred(ann, "/requests/{request}/votes", request, proved(vote, ann)));
    String grant = fleet.get(node(0), erin, "/requests/" + request).text("grant");
    assertEquals(1, entries("grant-opened", grant));
    Fleet.await("active", Duration.ofSeconds(40), () -> fleet.state(grant).equals("ACTIVE"));
    List<Fleet.Answer> picked =
        once(
            "secret-shown",
            () -> hundred(erin, "/grants/{grant}/pick-up", grant, proved(Map.of(), erin)));
    assertEquals(1, good(picked), "a secret is shown once");
    once("grant-ending", () -> hundred(erin, "/grants/{grant}/give-back", grant, Map.of()));
    Fleet.await("over", Duration.ofSeconds(40), () -> fleet.state(grant).equals("ENDED"));
    assertEquals(1, entries("grant-ended", grant));

    String taken = activeOf("t1");
    once("grant-ending", () -> hundred(ada, "/grants/{grant}/revoke", taken, Map.of("note", "no")));
    Fleet.await("over", Duration.ofSeconds(40), () -> fleet.state(taken).equals("ENDED"));
    assertEquals(1, entries("grant-ended", taken));

    String unwanted = Fleet.must(fleet.ask(node(0), erin, "t1", 30)).text("id");
    once(
        "request-cancelled", () -> hundred(erin, "/requests/{request}/cancel", unwanted, Map.of()));
  }

  @Test
  @Order(2)
  void oneKeyOneTokenOnePassword() throws IOException {
    Fleet.Person zoe = everything(fleet.person("engineering"));
    fleet.run(
        "insert into local_password (person, hash, changed_at) values (?, ?, clock_timestamp())",
        zoe.id(),
        BcryptUtil.bcryptHash(PASSWORD, 4));
    hundred(zoe, "/keys/options", "", Map.of());
    Map<String, Object> first = newKey(zoe);
    once("key-added", () -> hundred(zoe, "/keys", "", proved(first, zoe)));
    String key = fleet.text("select id from passkey where person = '" + zoe.id() + "'");
    Fleet.must(fleet.post(node(1), zoe, "/keys", newKey(zoe), true));
    once("key-removed", () -> hundred(zoe, "/keys/{key}/removal", key, proved(Map.of(), zoe)));
    hundred(zoe, "/proofs", "", Map.of("act", "recovery-renew", "body", Map.of()));
    once(
        "recovery-codes-renewed",
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
        () -> hundred(zoe, "/keys/codes", "", proved(Map.of("code", fleet.code(seed)), zoe)));
    // the copies that came too late had a code of the old app, and wrong codes are counted
    fleet.run("delete from code_guard where person = ?", zoe.id());
    fleet.run("update totp set last_step = -1 where person = ?", zoe.id());
    Map<String, Object> byTheNewOne = Map.of("proof", Map.of("code", fleet.code(seed)));
    once("codes-removed", () -> hundred(zoe, "/keys/codes/removal", "", byTheNewOne));

    Fleet.Person yan = everything(fleet.person("engineering"));
    fleet.run(
        "insert into local_password (person, hash, changed_at) values (?, ?, clock_timestamp())",
        yan.id(),
        BcryptUtil.bcryptHash(PASSWORD, 4));
    Map<String, Object> password = Map.of("old", PASSWORD, "chosen", PASSWORD + ", again");
    once("password-changed", () -> hundred(yan, "/password", "", proved(password, yan)));
    Map<String, Object> token = Map.of("name", "one", "scopes", List.of("read"), "days", 1);
    once("token-created", () -> hundred(yan, "/tokens", "", proved(token, yan)));
    assertEquals(CALLS, good(hundred(yan, "/token", "", Map.of())), "trades change nothing");
    once("signed-out", () -> hundred(yan, "/sign-out", "", Map.of()));
    assertEquals(401, fleet.get(node(0), yan, "/me").status());
  }

  @Test
  @Order(3)
  void onePersonOneGroupOneGoodbye() {
    Map<String, Object> mia =
        Map.of("user", "mia", "name", "Mia", "groups", List.of("engineering"));
    once("person-added", () -> hundred(ada, "/people", "", proved(mia, ada)));
    String id = fleet.text("select person from account where sub = 'mia'");
    Map<String, Object> group = Map.of("group", "dba-oncall");
    once("group-joined", () -> hundred(ada, "/people/{person}/join", id, proved(group, ada)));
    once("group-left", () -> hundred(ada, "/people/{person}/leave", id, proved(group, ada)));
    once("person-reset", () -> hundred(ada, "/people/{person}/reset", id, proved(Map.of(), ada)));
    once(
        "person-disabled",
        () -> hundred(ada, "/people/{person}/disable", id, proved(Map.of(), ada)));
  }

  @Test
  @Order(4)
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
        () ->
            hundred(ada, "/targets/{target}/server", "t2", proved(Map.of("server", server), ada)));

    String orphan = seedOrphan();
    Fleet.await("it is found", Duration.ofSeconds(40), () -> fleet.number(findings(orphan)) >= 1);
    String finding = fleet.text(findings(orphan).replace("count(*)", "min(id)"));
    once(
        "orphan-released",
        () -> hundred(ada, "/findings/{finding}/release", finding, proved(Map.of(), ada)));
    Fleet.await(
        "it is taken away", Duration.ofSeconds(40), () -> fleet.number(findings(orphan)) == 0);
  }

  @Test
  @Order(5)
  void oneAttestation() {
    String grant = activeOf("t1");
    fleet.targets.get("t1").refuse();
    Fleet.must(fleet.giveBack(node(0), erin, grant));
    Fleet.await("stuck", Duration.ofSeconds(60), () -> fleet.state(grant).equals("STUCK"));
    Map<String, Object> why = Map.of("note", "the server was scrapped");
    once("grant-attested", () -> hundred(ada, "/grants/{grant}/attest", grant, proved(why, ada)));
    fleet.targets.get("t1").pass();
  }

  @Test
  @Order(6)
  void oneQuarantineOneClock() {
    String lost = seedOrphan();
    fleet.run(
        "update store_quarantine set since = clock_timestamp(), reasons = '[\"as a test says\"]'");
    String listed = "select count(*) from quarantine_finding where name = '" + lost + "'";
    Fleet.await("it is listed", Duration.ofSeconds(40), () -> fleet.number(listed) >= 1);
    String finding = fleet.text(listed.replace("count(*)", "min(id)"));
    once(
        "quarantine-decided",
        () ->
            hundred(
                ada,
                "/quarantine/findings/{finding}",
                finding,
                proved(Map.of("choice", "ADOPT"), ada)));
    once("quarantine-ended", () -> hundred(ada, "/quarantine/end", "", proved(Map.of(), ada)));

    fleet.turnClock(Duration.ofMinutes(-10));
    Fleet.await(
        "both nodes see it",
        Duration.ofSeconds(40),
        () -> fleet.nodes.stream().allMatch(node -> behind(node) > 60));
    once("clock-accepted", () -> hundred(ada, "/clock/accept", "", proved(Map.of(), ada)));
    fleet.turnClock(Duration.ZERO);
  }

  @Test
  @Order(7)
  void everyPostWasSent() throws IOException {
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
    List<String> said = observer.look();
    assertEquals(List.of(), said);
  }

  // what the tests share

  private interface Act {
    List<Fleet.Answer> all();
  }

  /** What the act is told as is in the history once more than before. */
  private List<Fleet.Answer> once(String kind, Act act) {
    String count =
        "select count(*) from audit_entry where outcome = 'DONE' and kind = '" + kind + "'";
    long before = fleet.number(count);
    List<Fleet.Answer> answers = act.all();
    assertTrue(good(answers) >= 1, kind + ": " + new TreeSet<>(words(answers)));
    assertEquals(before + 1, fleet.number(count), kind);
    return answers;
  }

  /**
   * The same call a hundred times at once, by turns to each node. Each is answered, and what is
   * refused says why.
   *
   * @param path as the API describes it
   * @param id what stands in the path's braces
   */
  private List<Fleet.Answer> hundred(
      Fleet.Person who, String path, String id, Map<String, ?> body) {
    sent.add(path);
    String filled = path.replaceAll("\\{\\w+}", id);
    CountDownLatch go = new CountDownLatch(CALLS);
    List<Future<Fleet.Answer>> under = new ArrayList<>();
    for (int i = 0; i < CALLS; i++) {
      Node node = node(i % 2);
      under.add(
          hands.submit(
              () -> {
                go.countDown();
                go.await();
                return fleet.post(node, who, filled, body, false);
              }));
    }
    List<Fleet.Answer> answers = new ArrayList<>();
    for (Future<Fleet.Answer> each : under) {
      try {
        answers.add(each.get());
      } catch (Exception e) {
        throw new IllegalStateException(path, e);
      }
    }
    for (Fleet.Answer answer : answers) {
      // 503: so many at once are too much for this machine, and the answer says so
      boolean refused = answer.status() / 100 == 4 || answer.status() == 503;
      assertTrue(answer.isGood() || refused, path + ": " + answer);
      assertTrue(answer.isGood() || !answer.text("detail").isBlank(), path + ": " + answer);
    }
    return answers;
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

  private Map<String, Object> newKey(Fleet.Person of) throws IOException {
    Fleet.Answer options = Fleet.must(fleet.post(node(0), of, "/keys/options", Map.of(), false));
    VirtualPasskey key = new VirtualPasskey("https://curfew.example.org", "curfew.example.org");
    String made = key.make(options.body().get("publicKey").toString());
    return Map.of("name", "Key", "nonce", options.text("nonce"), "credential", JSON.readTree(made));
  }

  private String activeOf(String target) {
    String request = Fleet.must(fleet.ask(node(0), erin, target, 30)).text("id");
    Fleet.must(fleet.approve(node(0), ann, request));
    String grant = fleet.get(node(0), erin, "/requests/" + request).text("grant");
    Fleet.await("active", Duration.ofSeconds(40), () -> fleet.state(grant).equals("ACTIVE"));
    return grant;
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
        "set role curfew_broker",
        "create role " + name + " nologin valid until '" + until + "'",
        "comment on role " + name + " is '" + mark + "'",
        "reset role");
    return name;
  }

  private Node node(int i) {
    return fleet.nodes.get(i);
  }
}

package dev.curfew.faults;

import com.eatthepath.otp.TimeBasedOneTimePasswordGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.curfew.Clocks;
import dev.curfew.Ids;
import dev.curfew.boot.Postgres;
import dev.curfew.boot.SqlScript;
import dev.curfew.mfa.Hashes;
import dev.curfew.mfa.Sealing;
import dev.curfew.testing.Pem;
import dev.curfew.testing.Servers;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.crypto.spec.SecretKeySpec;
import org.apache.commons.codec.binary.Base32;

/**
 * A whole installation on this machine, in production: a store, a server with TLS behind several
 * targets, each reached by a {@link Wire} of its own, and nodes of the packaged jar, each of which
 * reaches the store by a wire. People are written straight into the store.
 */
final class Fleet implements AutoCloseable {

  static final String BROKER = "f";
  static final String GRANTEES_PASSWORD = "canary-" + Ids.next();

  private static final Map<String, String> SERVER = Map.of("max_connections", "400");
  private static final String SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Somebody who asks or agrees by scripts. */
  record Person(String id, String token) {}

  /** What a node answered; no answer is status 0. */
  record Answer(int status, JsonNode body) {

    /** A page that did what it was to do leads on. */
    boolean isGood() {
      return status / 100 == 2 || status == 303;
    }

    String text(String field) {
      return body.path(field).asText();
    }
  }

  /** A grant that was made in bulk. */
  record Made(String id, String target, Instant due, boolean opens) {

    String role() {
      return "jit_" + BROKER + "_" + id;
    }
  }

  final Postgres store;
  final Postgres server;
  final Map<String, Wire> targets = new TreeMap<>();
  final List<Node> nodes = new ArrayList<>();
  final List<Wire> toStore = new ArrayList<>();
  final Path folder;

  private final List<Runnable> before = new ArrayList<>();
  private final List<Observer> observers = new CopyOnWriteArrayList<>();
  private final Set<String> secrets = ConcurrentHashMap.newKeySet();
  private final Set<String> apart;
  private final Map<String, String> settings;
  private final Map<String, String> templates = new ConcurrentHashMap<>();
  private final Sealing sealing;
  private final ThreadLocal<Connection> mine = new ThreadLocal<>();
  private volatile Duration turned = Duration.ZERO;
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(3)).build();

  Fleet(String name, int targetsWanted, Map<String, String> more) {
    this(name, targetsWanted, Set.of(), more);
  }

  /**
   * @param apart targets where Curfew works by a role of that target's own, see {@link #broker}
   */
  Fleet(String name, int targetsWanted, Set<String> apart, Map<String, String> more) {
    this.apart = Set.copyOf(apart);
    folder =
        Path.of("target", "fleet", name + "-" + ProcessHandle.current().pid()).toAbsolutePath();
    try {
      Files.createDirectories(folder.resolve("secrets"));
      store = Servers.own(17, Map.of("max_connections", "200"));
      server = Servers.own(17, SERVER);
      secure(server);
      prepareStore();
      prepareTarget(server);
      for (int i = 1; i <= targetsWanted; i++) {
        targets.put("t" + i, new Wire(server::port));
      }
      packs();
      sealing = new Sealing(folder.resolve("seed-key"));
      settings = settings(more);
    } catch (IOException | SQLException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Adds nodes and waits until they are ready. */
  Fleet start(int count) {
    return start(Collections.nCopies(count, Map.of()));
  }

  /** The same, each with an environment of its own. */
  Fleet start(List<Map<String, String>> environments) {
    for (int i = 0; i < environments.size(); i++) {
      Wire wire = new Wire(store::port);
      toStore.add(wire);
      Map<String, String> own = new HashMap<>(settings);
      own.put(
          "quarkus.datasource.jdbc.url", "jdbc:postgresql://127.0.0.1:" + wire.port() + "/curfew");
      if (i % 2 == 1 && !environments.get(i).containsKey("TZ")) {
        own.put("user.timezone", "Europe/Berlin"); // where a node stands must not matter
      }
      Node node = new Node("node" + (nodes.size() + 1), folder, own, environments.get(i));
      nodes.add(node);
      node.launch();
    }
    nodes.forEach(Node::awaitReady); // one of them makes the tables, the others wait for it
    templates();
    return this;
  }

  Observer observer(Bounds bounds) {
    Observer observer =
        new Observer(
            Map.of("server", () -> server.connect("postgres")),
            () -> store.connect("curfew"),
            BROKER,
            text("select id from installation"),
            bounds);
    nodes.forEach(node -> observer.reads(node.log()));
    observers.add(observer);
    secrets.forEach(observer::secret);
    return observer.standing();
  }

  /** Something that was handed out: all observers look for it. */
  void secret(String text) {
    secrets.add(text);
    observers.forEach(observer -> observer.secret(text));
  }

  // people and their acts

  Person person(String group) {
    Person person = new Person(Ids.next(), "curfew_" + Ids.next() + Ids.next());
    String old = "clock_timestamp() - interval '10 days'";
    run(
        "insert into person (id, name, settled, created_at) values (?, 'Somebody', true, "
            + old
            + ")",
        person.id());
    run("insert into account values ('local', ?, ?, " + old + ")", person.id(), person.id());
    run("insert into membership values (?, ?, " + old + ", true)", person.id(), group);
    run(
        "insert into totp values (?, ?, " + old + ", " + old + ", -1)",
        person.id(),
        sealing.seal(person.id(), SEED));
    run(
        "insert into personal_token (id, secret_hash, person, name, scopes, created_at, until)"
            + " values (?, ?, ?, 'test', 'read request approve admin', clock_timestamp(),"
            + " clock_timestamp() + interval '30 days')",
        Ids.next(),
        Hashes.sha256(person.token()),
        person.id());
    return person;
  }

  Answer ask(Node node, Person who, String target, int minutes) {
    return post(
        node,
        who,
        "/requests",
        Map.of("entitlement", target + "/look", "window", minutes, "reason", "a look"),
        true);
  }

  Answer approve(Node node, Person who, String request) {
    Answer shown = get(node, who, "/requests/" + request);
    return post(
        node,
        who,
        "/requests/" + request + "/votes",
        Map.of("choice", "APPROVE", "reason", "fine", "shown", shown.text("shown")),
        true);
  }

  Answer pickUp(Node node, Person who, String grant) {
    return post(node, who, "/grants/" + grant + "/pick-up", Map.of(), true);
  }

  Answer giveBack(Node node, Person who, String grant) {
    return post(node, who, "/grants/" + grant + "/give-back", Map.of(), false);
  }

  Answer get(Node node, Person who, String path) {
    return send(request(node, who, path).GET());
  }

  Answer post(Node node, Person who, String path, Map<String, ?> body, boolean proof) {
    Map<String, Object> whole = new HashMap<>(body);
    if (proof) {
      run("update totp set last_step = -1 where person = ?", who.id());
      whole.put("proof", Map.of("code", code()));
    }
    try {
      Answer answer =
          send(
              request(node, who, path)
                  .header("Content-Type", "application/json")
                  .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(whole))));
      String handedOut = answer.body().path("values").path("password").asText();
      if (!handedOut.isEmpty()) {
        secret(handedOut);
      }
      return answer;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Enters by what was handed out. */
  Connection enter(Answer handed) throws SQLException {
    JsonNode values = handed.body().path("values");
    return DriverManager.getConnection(
        values.path("jdbc").asText() + "&sslrootcert=" + folder.resolve("ca.pem"),
        values.path("user").asText(),
        values.path("password").asText());
  }

  // grants by the thousand

  /**
   * Grants that are as if they had been picked up a while ago, with real accounts, and with a
   * history: rows, entries and roles are made by SQL, since a person cannot ask ten thousand times
   * a minute. The first {@code open} of each target can be entered.
   */
  List<Made> grants(List<String> at, int each, int open, Instant due) throws SQLException {
    List<Made> all = new ArrayList<>();
    for (String target : at) {
      List<Made> here =
          IntStream.range(0, each)
              .mapToObj(i -> new Made(Ids.next(), target, due, i < open))
              .toList();
      makeRoles(broker(target), here);
      makeRows(here, template(target));
      all.addAll(here);
    }
    return all;
  }

  Connection enter(Made grant) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + server.port() + "/orders?sslmode=require",
        grant.role(),
        GRANTEES_PASSWORD);
  }

  /** A session in each of them that can be entered and is not over yet. */
  List<Connection> enterAll(List<Made> grants) {
    List<Connection> inside = new ArrayList<>();
    for (Made grant : grants) {
      if (grant.opens()) {
        try {
          inside.add(enter(grant));
        } catch (SQLException e) {
          // it is over
        }
      }
    }
    return inside;
  }

  static long alive(List<Connection> sessions) {
    return sessions.stream().filter(Fleet::isAlive).count();
  }

  static boolean isAlive(Connection session) {
    try (Statement ask = session.createStatement()) {
      ask.execute("select 1");
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  /** How many of these grants are over by proof. */
  long over(List<Made> grants) {
    return number(
        "select count(*) from access_grant where ended_at is not null and id in ('"
            + grants.stream().map(Made::id).collect(Collectors.joining("','"))
            + "')");
  }

  /** Some at a time: each is asked for, approved and made as people do it. */
  private void templates() {
    ExecutorService people = Executors.newFixedThreadPool(4);
    try {
      Stream.concat(
              Stream.of((Runnable) this::oneIsPickedUp),
              targets.keySet().stream().map(target -> (Runnable) () -> template(target)))
          .map(each -> CompletableFuture.runAsync(each, people))
          .toList()
          .forEach(CompletableFuture::join);
    } finally {
      people.shutdown();
    }
  }

  /** And given back: so that there is a secret to look for, where a test itself has none. */
  private void oneIsPickedUp() {
    Node node = nodes.stream().filter(Node::isAlive).findFirst().orElseThrow();
    Person erin = person("engineering");
    String grant = active(node, erin, targets.keySet().iterator().next());
    must(pickUp(node, erin, grant));
    must(giveBack(node, erin, grant));
    await("its end", Duration.ofSeconds(60), () -> state(grant).equals("ENDED"));
  }

  /** A real grant of the target, whose row is the pattern for others. */
  private String template(String target) {
    return templates.computeIfAbsent(
        target,
        id ->
            active(
                nodes.stream().filter(Node::isAlive).findFirst().orElseThrow(),
                person("engineering"),
                target));
  }

  private String active(Node node, Person erin, String target) {
    Person ann = person("dba-oncall");
    Answer[] asked = new Answer[1];
    try {
      await(
          "the first check of " + target,
          Duration.ofMinutes(3),
          () -> {
            asked[0] = ask(node, erin, target, 60);
            return asked[0].isGood();
          });
    } catch (AssertionError e) {
      throw new AssertionError(asked[0].toString(), e);
    }
    String request = asked[0].text("id");
    must(approve(node, ann, request));
    String grant = get(node, erin, "/requests/" + request).text("grant");
    await("its making", Duration.ofSeconds(60), () -> state(grant).equals("ACTIVE"));
    return grant;
  }

  /**
   * As the broker makes them, by the server's superuser: a role that is member of many has its
   * memberships counted anew at each of its grants, so of thousands the broker becomes the
   * administrator last.
   */
  private void makeRoles(String broker, List<Made> grants) throws SQLException {
    String mark =
        "{\"curfew\":1,\"installation\":\""
            + text("select id from installation")
            + "\",\"broker\":\""
            + BROKER
            + "\",\"grant\":\"%s\",\"exp\":\"%s\"}";
    try (Connection target = server.connect("curfew_maintenance")) {
      target.setAutoCommit(false);
      try (Statement make = target.createStatement()) {
        for (Made grant : grants) {
          make.addBatch(
              "create role "
                  + grant.role()
                  + (grant.opens() ? " login password '" + GRANTEES_PASSWORD + "'" : " nologin")
                  + " inherit valid until '"
                  + grant.due().plusSeconds(5)
                  + "' connection limit 5");
          make.addBatch(
              "grant orders_read to "
                  + grant.role()
                  + " with inherit true, set false granted by "
                  + broker);
          make.addBatch(
              "comment on role "
                  + grant.role()
                  + " is '"
                  + mark.formatted(grant.id(), grant.due())
                  + "'");
        }
        for (Made grant : grants) {
          make.addBatch(
              "grant "
                  + grant.role()
                  + " to "
                  + broker
                  + " with admin true, inherit false, set false");
        }
        make.executeBatch();
      }
      target.commit();
    }
  }

  private void makeRows(List<Made> grants, String template) throws SQLException {
    Map<String, String> oids = oids();
    Instant now = Clocks.ofThisMachine();
    Instant then = now.minusSeconds(60);
    Told told = new Told();
    try (Connection connection = store.connect("curfew")) {
      connection.setAutoCommit(false);
      try (PreparedStatement row =
              connection.prepareStatement(
                  "insert into access_grant (id, request_id, person, entitlement, target, snapshot,"
                      + " came_from, state, created_at, window_seconds, claim_by, due_at, effects,"
                      + " effects_hash, handle, guarantee, max_residual_seconds, residual, next_at)"
                      + " select ?, ?, person, entitlement, target, snapshot, 'NONE', 'PLANNED',"
                      + " ?::timestamptz, 60, ?::timestamptz, ?::timestamptz, effects, effects_hash,"
                      + " replace(handle, id, ?), guarantee, max_residual_seconds, residual,"
                      + " clock_timestamp() + interval '1 hour' from access_grant where id = ?");
          Statement moves = connection.createStatement();
          PreparedStatement learned =
              connection.prepareStatement(
                  "update access_grant g set came_from = 'PROVISIONING', state = 'ACTIVE', next_at ="
                      + " null, provisioned_at = ?::timestamptz, picked_up_at = ?::timestamptz,"
                      + " issuing_at = ?::timestamptz, receipt = (select jsonb_set(receipt::jsonb,"
                      + " '{ids}', to_jsonb(?::text))::text from access_grant where id = ?)"
                      + " where id = ?")) {
        for (Made grant : grants) {
          String request = "r" + grant.id();
          row.setString(1, grant.id());
          row.setString(2, request);
          row.setString(3, then.toString());
          row.setString(4, grant.due().toString());
          row.setString(5, grant.due().toString());
          row.setString(6, grant.id());
          row.setString(7, template);
          row.addBatch();
          for (int i = 1; i <= 3; i++) {
            learned.setString(i, then.toString());
          }
          learned.setString(4, oids.get(grant.role()));
          learned.setString(5, template);
          learned.setString(6, grant.id());
          learned.addBatch();
          told.opened(request, grant.id(), now, grant.due(), "ann")
              .handedOut(request, grant.id(), now, grant.due());
        }
        row.executeBatch();
        moves.execute(
            "update access_grant set came_from = 'PLANNED', state = 'PROVISIONING', reached = true"
                + " where state = 'PLANNED' and request_id = 'r' || id");
        learned.executeBatch();
      }
      connection.commit();
      told.write(connection);
    }
  }

  private Map<String, String> oids() throws SQLException {
    Map<String, String> oids = new HashMap<>();
    try (Connection target = server.connect("postgres");
        Statement ask = target.createStatement();
        ResultSet row = ask.executeQuery("select rolname, oid::text from pg_roles")) {
      while (row.next()) {
        oids.put(row.getString(1), row.getString(2));
      }
    }
    return oids;
  }

  // looking and waiting

  String state(String grant) {
    return text("select state from access_grant where id = '" + grant + "'");
  }

  long number(String sql) {
    return Long.parseLong(text(sql));
  }

  String text(String sql) {
    try (Statement ask = mine().createStatement();
        ResultSet row = ask.executeQuery(sql)) {
      return row.next() ? row.getString(1) : null;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A connection of this thread to the store: to enter anew costs more than what is asked. */
  private Connection mine() throws SQLException {
    Connection known = mine.get();
    if (known == null || !known.isValid(5)) { // the store may have been down meanwhile
      known = store.connect("curfew");
      mine.set(known);
    }
    return known;
  }

  static String text(Postgres where, String database, String sql) {
    try (Connection connection = where.connect(database);
        Statement ask = connection.createStatement();
        ResultSet row = ask.executeQuery(sql)) {
      return row.next() ? row.getString(1) : null;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Accounts of ours that are at the server. */
  long accounts() {
    return Long.parseLong(
        text(
            server,
            "postgres",
            "select count(*) from pg_roles where rolname ~ '^jitx?_" + BROKER + "_'"));
  }

  void run(String sql, Object... values) {
    try (PreparedStatement statement = mine().prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      statement.executeUpdate();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  void onServer(String... statements) {
    on(server, statements);
  }

  private static void on(Postgres where, String... statements) {
    try (Connection target = where.connect("postgres");
        Statement statement = target.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  interface Condition {
    boolean holds() throws SQLException;
  }

  /** Answers how long it took. */
  static Duration await(String what, Duration atMost, Condition condition) {
    long from = System.nanoTime();
    try {
      while (!condition.holds()) {
        if (System.nanoTime() - from > atMost.toNanos()) {
          throw new AssertionError(what + " did not happen within " + atMost);
        }
        rest(Duration.ofMillis(150));
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return Duration.ofNanos(System.nanoTime() - from);
  }

  static void rest(Duration time) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  static Answer must(Answer answer) {
    if (!answer.isGood()) {
      throw new AssertionError(answer.toString());
    }
    return answer;
  }

  void beforeItsEnd(Runnable last) {
    before.add(last);
  }

  @Override
  public void close() {
    before.forEach(Runnable::run);
    nodes.forEach(Node::close);
    targets.values().forEach(Wire::close);
    toStore.forEach(Wire::close);
    store.crash();
    server.crash();
  }

  // how it is made

  private HttpRequest.Builder request(Node node, Person who, String path) {
    return HttpRequest.newBuilder(URI.create(node.url(path)))
        .timeout(Duration.ofSeconds(40))
        .header("Authorization", "Bearer " + who.token());
  }

  private Answer send(HttpRequest.Builder request) {
    try {
      HttpResponse<InputStream> answer =
          http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = answer.body()) {
        return new Answer(answer.statusCode(), JSON.readTree(body));
      }
    } catch (IOException e) {
      return new Answer(0, JSON.createObjectNode().put("detail", String.valueOf(e)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Answer(0, JSON.createObjectNode());
    }
  }

  /** What everybody's authenticator app shows now. */
  String code() {
    return code(SEED);
  }

  String code(String seed) {
    try {
      return new TimeBasedOneTimePasswordGenerator()
          .generateOneTimePasswordString(
              new SecretKeySpec(new Base32().decode(seed), "RAW"),
              Clocks.ofThisMachine().plus(turned));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private Map<String, String> settings(Map<String, String> more) throws IOException {
    Map<String, String> all = new HashMap<>();
    all.put("quarkus.datasource.username", "curfew");
    all.put("quarkus.datasource.password", "store");
    all.put("quarkus.log.console.json.enabled", "false");
    all.put("curfew.demo", "never");
    all.put("curfew.base-url", "https://curfew.example.org");
    all.put("curfew.sign-in.key-file", signingKey().toString());
    all.put("curfew.mfa.seed-key-file", folder.resolve("seed-key").toString());
    all.put("curfew.broker.id", BROKER);
    all.put("curfew.packs.dirs", folder.resolve("connectors") + "," + folder.resolve("approvals"));
    all.put("curfew.packs.accepted", digest());
    all.put("curfew.secrets.dir", folder.resolve("secrets").toString());
    all.put("curfew.requests.open", "1000");
    all.put("curfew.requests.daily", "100000");
    all.putAll(more);
    return all;
  }

  private String digest() throws IOException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-jar",
            System.getProperty("curfew.jar", "target/quarkus-app/quarkus-run.jar"),
            "packs",
            folder.resolve("connectors").toString(),
            folder.resolve("approvals").toString());
    Process packs = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(packs.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return said.lines()
        .filter(line -> line.startsWith("digest "))
        .findFirst()
        .filter(line -> said.contains("sound"))
        .orElseThrow(() -> new IllegalStateException(said))
        .substring("digest ".length());
  }

  private void prepareStore() throws SQLException {
    try (Connection connection = store.connect("postgres");
        Statement statement = connection.createStatement()) {
      statement.execute("create role curfew login password 'store'");
      statement.execute("create database curfew owner curfew");
    }
    try (Connection connection = store.connect("curfew");
        Statement statement = connection.createStatement()) {
      // the broker reads the time by this function: its clock can be turned, and nobody else's
      statement.execute("create schema turned authorization curfew");
      statement.execute("create table turned.clock (ahead interval not null)");
      statement.execute("insert into turned.clock values ('0 s')");
      statement.execute("alter table turned.clock owner to curfew");
      statement.execute(
          "create function turned.clock_timestamp() returns timestamptz language sql volatile as"
              + " 'select pg_catalog.clock_timestamp() + (select ahead from turned.clock)'");
      statement.execute(
          "alter role curfew in database curfew set search_path = public, turned, pg_catalog");
    }
  }

  /** Turns the store's clock, as its broker reads it, to be that much ahead of the real one. */
  void turnClock(Duration ahead) {
    turned = ahead;
    run("update turned.clock set ahead = make_interval(secs => ?)", (double) ahead.toSeconds());
  }

  /** The zone that a server's sessions are in by default, and its log. */
  void inZone(Postgres postgres, String zone) throws SQLException {
    try (Connection connection = postgres.connect("postgres");
        Statement statement = connection.createStatement()) {
      statement.execute("alter system set timezone = '" + zone + "'");
      statement.execute("alter system set log_timezone = '" + zone + "'");
      statement.execute("select pg_reload_conf()");
    }
  }

  /** A server that was prepared as the one of the targets was, and is another. */
  Postgres anotherServer() {
    try {
      Postgres another = Servers.fresh(17, SERVER);
      secure(another);
      prepareTarget(another);
      return another;
    } catch (IOException | SQLException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** As many copies of the targets' server as it is now, not started; it stops for that moment. */
  List<Postgres> copiesOfServer(int count) {
    server.stop();
    List<Postgres> copies =
        Stream.generate(() -> Servers.copyOf(server, 17, SERVER)).limit(count).toList();
    server.start();
    return copies;
  }

  private void prepareTarget(Postgres where) throws SQLException, IOException {
    on(
        where,
        "create database orders",
        "create role orders_read nologin",
        "create role standing_app login password 'standing'",
        "grant orders_read to standing_app");
    prepareBroker(where, "curfew_broker");
    for (String target : apart) {
      prepareBroker(where, broker(target));
    }
    if (!apart.isEmpty()) {
      // one server has one witness: whoever makes it, the others may write it too
      on(where, "create role jit_" + BROKER + "_witness nologin noinherit connection limit 0");
      Stream.concat(Stream.of("curfew_broker"), apart.stream().map(this::broker))
          .map(
              ("grant jit_" + BROKER + "_witness to %s with admin true, inherit false, set false")
                  ::formatted)
          .forEach(grant -> on(where, grant));
    }
    Path secret = Files.writeString(folder.resolve("secrets/server"), "broker");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
  }

  private void prepareBroker(Postgres where, String role) throws SQLException, IOException {
    script(where, "setup.sql", Map.of("broker", role, "maintenance", "curfew_maintenance"));
    script(
        where, "allow.sql", Map.of("broker", role, "database", "orders", "group", "orders_read"));
    on(where, "alter role " + role + " password 'broker'");
  }

  /** The role by which Curfew works at this target; the password of each is "broker". */
  String broker(String target) {
    return apart.contains(target) ? "curfew_broker_" + target : "curfew_broker";
  }

  private static void script(Postgres where, String name, Map<String, String> variables)
      throws SQLException, IOException {
    try (Connection connection = where.connect("postgres")) {
      SqlScript.run(
          connection, Files.readString(Path.of("connectors", "postgresql", name)), variables);
    }
  }

  private void packs() throws IOException {
    Path engine = Files.createDirectories(folder.resolve("connectors/postgresql"));
    Files.copy(Path.of("connectors/postgresql/pack.yaml"), engine.resolve("pack.yaml"));
    String each =
        """
          - id: %s
            title: Orders
            admin: {host: localhost, port: %d}
            connect: {host: localhost, port: %d}
            user: %s
            secret: file:server
            ca: %s
            entitlements:
              - {id: look, title: Look, level: read, longest: 8h, database: orders, role: orders_read}
        """;
    String all =
        targets.entrySet().stream()
            .map(
                target ->
                    each.formatted(
                        target.getKey(),
                        target.getValue().port(),
                        server.port(),
                        broker(target.getKey()),
                        folder.resolve("ca.pem")))
            .collect(Collectors.joining());
    Path pack = Files.createDirectories(folder.resolve("connectors/servers"));
    Files.writeString(
        pack.resolve("pack.yaml"), "uses: postgresql\ntitle: Servers\ntargets:\n" + all);
    Path rules = Files.createDirectories(folder.resolve("approvals"));
    Files.writeString(
        rules.resolve("look.yaml"),
        """
        rules:
          - name: look
            for: '*/look'
            who: {groups: engineering}
            ask: {group: dba-oncall, approvers: 1, acceptCode: true, claimBy: 4h}
        """);
  }

  private Path signingKey() throws IOException {
    return secret(folder.resolve("curfew.key"), Pem.both(Pem.pair("EC", 256)));
  }

  /** The server reads the certificate at its next start. */
  private void secure(Postgres postgres)
      throws IOException, SQLException, GeneralSecurityException {
    KeyStore made = certificate();
    byte[] certificate = made.getCertificate("server").getEncoded();
    pem(folder.resolve("ca.pem"), "CERTIFICATE", certificate);
    Path there = postgres.folder();
    try (Connection connection = postgres.connect("postgres");
        Statement statement = connection.createStatement()) {
      statement.execute("alter system set ssl = on");
      statement.execute("alter system set ssl_cert_file = '" + there.resolve("tls.crt") + "'");
      statement.execute("alter system set ssl_key_file = '" + there.resolve("tls.key") + "'");
    }
    postgres.stop();
    pem(there.resolve("tls.crt"), "CERTIFICATE", certificate);
    pem(
        there.resolve("tls.key"),
        "PRIVATE KEY",
        made.getKey("server", "changeit".toCharArray()).getEncoded());
    postgres.start();
  }

  /** For localhost, made once. */
  private KeyStore certificate() throws IOException, GeneralSecurityException {
    Path keys = folder.resolve("server.p12");
    if (!Files.exists(keys)) {
      makeCertificate(keys);
    }
    KeyStore made = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keys)) {
      made.load(in, "changeit".toCharArray());
    }
    return made;
  }

  private static void makeCertificate(Path keys) throws IOException {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1",
                "-startdate",
                "-2d", // clocks are turned back
                "-validity",
                "30",
                "-storetype",
                "PKCS12",
                "-storepass",
                "changeit",
                "-keystore",
                keys.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!Files.exists(keys)) {
      throw new IllegalStateException(said);
    }
  }

  private static Path pem(Path file, String what, byte[] content) throws IOException {
    return secret(file, Pem.text(what, content));
  }

  private static Path secret(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file;
  }
}

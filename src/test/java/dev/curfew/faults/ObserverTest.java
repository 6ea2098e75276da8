package dev.curfew.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.Clocks;
import dev.curfew.Ids;
import dev.curfew.testing.Servers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An observer that cannot fail proves nothing: each breach is made here, and it says so. */
class ObserverTest {

  private static final String INSTALLATION = "0123456789abcdefghjkmnpq";
  private static final Bounds DESIGN = Bounds.ofTheDesign();

  private final Servers.Shared server = Servers.pg17();
  private final String history = server.createDatabase("history");
  private final String broker = Ids.next().substring(0, 2);
  private final String grant = Ids.next();
  private final String request = Ids.next();
  private final Instant now = Clocks.ofThisMachine();
  private final Instant then = now.minus(Duration.ofHours(1));
  private final Instant later = now.plus(Duration.ofHours(1));
  private final List<String> made = new ArrayList<>();
  private final Told told = new Told();
  private volatile boolean targetAnswers = true;
  private volatile boolean historyAnswers = true;

  @BeforeEach
  void history() throws IOException {
    server.execute(
        history, Files.readString(Path.of("src/main/resources/db/migration/V1__audit.sql")));
  }

  @AfterEach
  void clean() {
    made.forEach(role -> server.execute("postgres", "drop role if exists " + role));
  }

  @Test
  void aWholeLifeIsNoBreach() throws SQLException {
    Observer observer = observer().standing();
    tell(told.opened(request, grant, then, later, "ann").handedOut(request, grant, then, later));
    number();
    String role = role(grant, later.plusSeconds(5), later);
    open(role, later.plusSeconds(5));
    assertEquals(List.of(), observer.look());
    server.execute("postgres", "drop role " + role);
    tell(told.over(request, grant, now));
    number();
    assertEquals(List.of(), observer.look());
    assertEquals(1, observer.over());
  }

  @Test
  void aLoginThatOutlivesItsGrantIsSeen() throws SQLException {
    tell(told.opened(request, grant, then, later, "ann").handedOut(request, grant, then, later));
    open(role(grant, later, later), later.plusSeconds(60));
    sees("I1", grant, "may log in until");
  }

  @Test
  void aLoginAfterTheEndIsSeen() throws SQLException {
    tell(told.opened(request, grant, then, later, "ann").handedOut(request, grant, then, later));
    tell(told.line(now.minusSeconds(20), "grant-ending", "ann", "erin", request, grant, Map.of()));
    open(role(grant, later, later), later);
    sees("I1", grant, "can log in at");
  }

  @Test
  void aSessionAfterTheEndIsSeenAndAFaultExcusesItForItsTime() throws SQLException {
    Instant due = now.minusSeconds(20);
    tell(told.opened(request, grant, then, later, "ann").handedOut(request, grant, then, due));
    number();
    String role = role(grant, due, due);
    server.execute("postgres", "alter role " + role + " login password 'x' valid until 'infinity'");
    try (Connection inside = server.connect("postgres", role, "x")) {
      assertTrue(inside.isValid(5));
      server.execute("postgres", "alter role " + role + " valid until '" + due + "'");
      Observer excusing = observer();
      excusing.fault(due.minusSeconds(1), Instant.MAX, Duration.ofSeconds(20));
      assertEquals(List.of(), excusing.look());
      excusing.fault(due.minusSeconds(1), now.minusSeconds(5), Duration.ofSeconds(4));
      assertTrue(excusing.look().toString().contains("I1: session"), excusing.look().toString());
      sees("I1: session", grant, "is alive");
    }
  }

  @Test
  void aSessionWhoseRoleIsGoneIsSeen() throws SQLException {
    String role = role(grant, later, later);
    server.execute("postgres", "alter role " + role + " login password 'x'");
    try (Connection inside = server.connect("postgres", role, "x")) {
      assertTrue(inside.isValid(5));
      server.execute("postgres", "drop role " + role);
      Bounds none = within(Duration.ZERO);
      Observer observer = observer(none);
      observer.look();
      List<String> said = observer.look();
      assertTrue(said.toString().contains("belongs to a role that is gone"), said.toString());
    }
  }

  @Test
  void anAccountWithoutARecordIsSeen() {
    role(grant, later, later);
    Observer observer = observer(within(Duration.ZERO));
    observer.look();
    assertTrue(observer.look().toString().contains("I2: jit_"), observer.look().toString());
  }

  @Test
  void aReportedOrphanThatStaysPastItsGraceIsSeen() throws SQLException {
    String role = role(grant, then, then);
    tell(told.line(then, "orphan-found", "curfew", null, null, null, Map.of("principal", role)));
    sees("I2", role, "still stands there");
  }

  @Test
  void twoAccountsOfOneGrantAreSeen() throws SQLException {
    tell(told.opened(request, grant, then, later, "ann"));
    role(grant, later, later);
    String second = "jitx_" + broker + "_" + grant;
    make(second, grant, later, later);
    sees("I3", grant, "more than one account");
  }

  @Test
  void whatWasProvisionedTwiceOrShownTooOftenIsSeen() throws SQLException {
    tell(
        told.opened(request, grant, then, later, "ann")
            .handedOut(request, grant, then, later)
            .line(then, "secret-shown", "erin", "erin", request, grant, Map.of())
            .line(then, "grant-provisioned", "curfew", "erin", request, grant, Map.of()));
    sees("I3", grant, "provisioned 2 times");
    sees("I3", grant, "was shown 2 times");
  }

  @Test
  void aGrantThatNobodyApprovedIsSeen() throws SQLException {
    tell(
        told.line(
            then,
            "grant-opened",
            "ann",
            "erin",
            request,
            grant,
            Map.of("claim_by", later.toString())));
    sees("I4", grant, "no entry says that its request was approved");
  }

  @Test
  void aGrantThatOnlyItsRequesterApprovedIsSeen() throws SQLException {
    tell(told.opened(request, grant, then, later, "erin"));
    sees("I4", grant, "0 of 1 approvals");
  }

  @Test
  void aNumberLeftOutIsSeen() throws SQLException {
    tell(told.opened(request, grant, then, later, "ann"));
    server.execute(
        history,
        "insert into audit_index select row_number() over (order by id) + 1, id from audit_entry",
        "delete from audit_outbox");
    sees("I5", "numbers run from 2", "there are 4");
  }

  @Test
  void anEntryThatWaitsForNoNumberIsSeen() throws SQLException {
    tell(told.opened(request, grant, then, later, "ann"));
    server.execute(
        history, "delete from audit_outbox where entry_id = (select min(id) from audit_entry)");
    sees("I5", "has no number", "waits for none");
    sees("I5", "an entry of", "waits for its number");
  }

  @Test
  void aLoginThatNobodyRecordedIsSeen() throws SQLException {
    tell(told.opened(request, grant, then, later, "ann"));
    open(role(grant, later, later), later);
    sees("I5", grant, "no entry says that its secret was made");
  }

  @Test
  void anAccountTakenAwayWithoutAWordIsSeen() throws SQLException {
    tell(told.opened(request, grant, then, later, "ann"));
    String role = role(grant, later, later);
    Observer observer = observer(within(Duration.ZERO));
    observer.look();
    server.execute("postgres", "drop role " + role);
    observer.look();
    List<String> said = observer.look();
    assertTrue(said.toString().contains("was taken away by"), said.toString());
  }

  @Test
  void afterTheStoreWentBackWhatIsTakenAwayBeforeItsMarksEndAndByNobodyIsSeen()
      throws SQLException {
    tell(told.opened(request, grant, then, later, "ann").handedOut(request, grant, then, later));
    number();
    String role = role(grant, later, later);
    String orphan = role(Ids.next(), later, later);
    Observer observer = observer();
    observer.storeWentBack(then);
    assertEquals(List.of(), observer.look());
    tell(
        told.line(now, "orphan-found", "curfew", null, null, null, Map.of("principal", orphan))
            .line(
                now,
                "grant-ending",
                "curfew",
                "erin",
                request,
                grant,
                Map.of("reason", "the window is over")));
    server.execute("postgres", "drop role " + role, "drop role " + orphan);
    String said = observer.look().toString();
    assertTrue(said.contains("the living: " + role), said);
    assertTrue(said.contains("the living: " + orphan), said);
  }

  @Test
  void afterTheStoreWentBackWhatAPersonTakesAwayIsNoBreach() throws SQLException {
    tell(told.opened(request, grant, then, later, "ann").handedOut(request, grant, then, later));
    String role = role(grant, later, later);
    String orphan = role(Ids.next(), later, later);
    Observer observer = observer(within(Duration.ZERO));
    observer.storeWentBack(then);
    observer.look();
    tell(
        told.line(now, "orphan-found", "curfew", null, null, null, Map.of("principal", orphan))
            .line(now, "orphan-released", "ada", null, null, null, Map.of("principal", orphan))
            .line(now, "grant-ending", "ada", "erin", request, grant, Map.of("reason", "revoked")));
    String blocked = orphan.replaceFirst("jit_", "jitx_");
    server.execute(
        "postgres", "drop role " + role, "alter role " + orphan + " rename to " + blocked);
    observer.look();
    server.execute("postgres", "drop role " + blocked);
    List<String> said = observer.look();
    assertEquals(List.of(), said.stream().filter(s -> s.startsWith("the living")).toList());
    assertFalse(said.toString().contains(blocked), said.toString());
  }

  @Test
  void whatWasHandedOutInAPartThatTheStoreLostIsExcusedUntilTheQuarantineEnds()
      throws SQLException {
    tell(
        told.line(then, "quarantine-ended", "ada", null, null, null, Map.of())
            .opened(request, grant, then, later, "ann"));
    open(role(grant, later, later), later);
    Observer observer = observer();
    observer.storeWentBack(then.plusSeconds(1));
    assertEquals(List.of(), observer.look().stream().filter(s -> s.startsWith("I5: jit")).toList());
    tell(told.line(now, "quarantine-ended", "ada", null, null, null, Map.of()));
    String said = observer.look().toString();
    assertTrue(said.contains("no entry says that its secret was made"), said);
  }

  @Test
  void anEndThatWasToldTwiceIsSeen() throws SQLException {
    tell(
        told.opened(request, grant, then, later, "ann")
            .over(request, grant, then)
            .line(then, "grant-ended", "curfew", "erin", request, grant, Map.of()));
    sees("I5", grant, "2 entries of one end");
  }

  @Test
  void standingAccessThatChangesIsSeen() {
    String standing = "standing_" + broker;
    String group = "group_" + broker;
    String lookAlike = "jit_" + broker + "_foreign";
    for (String role : List.of(standing, group, lookAlike)) {
      server.execute("postgres", "create role " + role);
      made.add(role);
    }
    Observer observer = observer().standing();
    assertEquals(List.of(), observer.look());
    server.execute(
        "postgres",
        "grant " + group + " to " + standing,
        "alter role " + standing + " password 'other'",
        "drop role " + lookAlike);
    String said = observer.look().toString();
    assertTrue(said.contains("I6") && said.contains(standing + " in " + group), said);
    assertTrue(said.contains("no longer «role " + lookAlike), said);
    assertTrue(said.contains("now «role " + standing), said);
  }

  @Test
  void aSecretInTheHistoryOrInALogIsSeen(@TempDir Path folder) throws SQLException, IOException {
    Observer observer = observer();
    Path log = Files.writeString(folder.resolve("node.log"), "the password is canary-4711\n");
    tell(told.line(then, "signed-in", "erin", null, null, null, Map.of("method", "canary-4711")));
    server.execute(
        history,
        "insert into audit_field select id, 'message', '', 'not canary-0815' from audit_entry");
    observer.secret("canary-4711");
    observer.secret("canary-0815");
    observer.secret("canary-nowhere");
    observer.reads(log);
    String said = observer.searchForSecrets().toString();
    assertTrue(said.contains("I7: entry"), said);
    assertTrue(said.contains("I7: the personal values of entry"), said);
    assertTrue(said.contains("I7: the log node.log"), said);
  }

  @Test
  void aSecretThatStandsNowhereIsNoBreach(@TempDir Path folder) throws SQLException, IOException {
    Observer observer = observer();
    tell(told.line(then, "signed-in", "erin", null, null, null, Map.of("method", "canary-471")));
    observer.reads(Files.writeString(folder.resolve("node.log"), "canary-47 canary-4712"));
    observer.reads(folder.resolve("not-written-yet.log"));
    observer.secret("canary-4711");
    assertEquals(List.of(), observer.searchForSecrets());
  }

  @Test
  void aLookThatCouldNotReadATargetIsNone() {
    targetAnswers = false;
    Observer observer = observer();
    assertEquals(List.of(), observer.look());
    assertEquals(0, observer.looks());
    assertEquals(1, observer.blindLooks());
    assertEquals("orders-db: it is down", observer.cannotRead());
    targetAnswers = true;
    observer.look();
    assertEquals(1, observer.looks());
    assertEquals("", observer.cannotRead());
  }

  @Test
  void aLookThatCouldNotReadTheHistoryIsNone() {
    historyAnswers = false;
    Observer observer = observer();
    observer.look();
    assertEquals(0, observer.looks());
    assertEquals(1, observer.blindLooks());
    assertEquals("the history: it is down", observer.cannotRead());
  }

  @Test
  void aLongTimeInWhichNotAllCouldBeReadIsSaid() {
    Observer observer = observer(within(Duration.ZERO));
    observer.look();
    historyAnswers = false;
    observer.look();
    observer.fault(then, Instant.MAX, Duration.ofHours(1));
    historyAnswers = true;
    List<String> said = observer.look();
    assertTrue(said.toString().contains("nobody looked from"), said.toString());
  }

  @Test
  void aShortTimeInWhichNotAllCouldBeReadIsNoBreach() {
    Observer observer = observer();
    targetAnswers = false;
    observer.look();
    targetAnswers = true;
    assertEquals(List.of(), observer.look());
  }

  @Test
  void whoLookedAllTheWhileMayJudge() {
    Observer observer = observer();
    Watch watch = watch(observer);
    awaitLooks(observer::looks);
    watch.judge();
    watch.end();
  }

  @Test
  void whoSawABreachSaysSoWhenItJudges() throws SQLException {
    tell(told.opened(request, grant, then, later, "erin"));
    Observer observer = observer();
    Watch watch = watch(observer);
    awaitLooks(observer::looks);
    assertTrue(refuses(watch).getMessage().contains("I4"));
    watch.end();
  }

  @Test
  void whoNeverCouldReadDoesNotJudge() {
    targetAnswers = false;
    Observer observer = observer();
    Watch watch = watch(observer);
    awaitLooks(observer::blindLooks);
    assertTrue(refuses(watch).getMessage().contains("orders-db: it is down"));
    watch.end();
  }

  @Test
  void whoCouldNotReadUntilTheLastMomentDoesNotJudge() {
    targetAnswers = false;
    Observer observer = observer();
    Watch watch = new Watch(observer, Duration.ofHours(1));
    awaitLooks(observer::blindLooks);
    targetAnswers = true;
    assertTrue(refuses(watch).getMessage().contains("nobody looked before"));
    watch.end();
  }

  @Test
  void whoDiedOfAnExceptionDoesNotJudge() throws InterruptedException {
    IllegalStateException broken = new IllegalStateException("broken");
    Observer observer = new Observer(Map.of(), () -> fail(broken), broker, INSTALLATION, DESIGN);
    Watch watch = watch(observer);
    watch.awaitEnd();
    assertEquals(broken, refuses(watch).getCause());
  }

  @Test
  void whoLooksNoMoreDoesNotJudge() throws InterruptedException {
    Watch watch = watch(observer());
    watch.end();
    watch.awaitEnd();
    assertTrue(refuses(watch).getMessage().contains("looks no more"));
  }

  private static Watch watch(Observer observer) {
    return new Watch(observer, Duration.ofMillis(10));
  }

  private static void awaitLooks(IntSupplier looks) {
    Fleet.await("a look", Duration.ofSeconds(30), () -> looks.getAsInt() > 0);
  }

  private static AssertionError refuses(Watch watch) {
    return assertThrows(AssertionError.class, watch::judge);
  }

  private static Connection fail(RuntimeException because) {
    throw because;
  }

  private Connection enter(String database, boolean answers) throws SQLException {
    if (!answers) {
      throw new SQLException("it is down");
    }
    return server.connect(database);
  }

  @Test
  void anApprovalOrAnEndThatWasAcknowledgedAndIsNotThereIsSeen() throws SQLException {
    Observer observer = observer();
    tell(told.opened(request, grant, then, later, "ann"));
    observer.toldApproved(request, then);
    assertEquals(List.of(), observer.look().stream().filter(s -> s.startsWith("I8")).toList());
    observer.toldApproved("another", then);
    observer.toldEnded(grant, then);
    String said = observer.look().toString();
    assertTrue(said.contains("I8: the approval of another"), said);
    assertTrue(said.contains("I8: the end of " + grant), said);
  }

  @Test
  void anEndThatNothingProvesIsSeen() throws SQLException {
    Instant due = now.minusSeconds(61);
    tell(told.opened(request, grant, then, later, "ann").handedOut(request, grant, then, due));
    sees("I8", grant, "nothing proves its end");
  }

  private void sees(String invariant, String about, String what) {
    List<String> said = observer().look();
    assertTrue(
        said.stream()
            .anyMatch(s -> s.startsWith(invariant) && s.contains(about) && s.contains(what)),
        said.toString());
  }

  private Observer observer() {
    return observer(DESIGN);
  }

  private Observer observer(Bounds bounds) {
    return new Observer(
        Map.of("orders-db", () -> enter("postgres", targetAnswers)),
        () -> enter(history, historyAnswers),
        broker,
        INSTALLATION,
        bounds);
  }

  private static Bounds within(Duration any) {
    return new Bounds(any, any, any, any, any, any);
  }

  private void tell(Told lines) throws SQLException {
    try (Connection store = server.connect(history)) {
      lines.write(store);
    }
  }

  /** What the broker's sequencer does. */
  private void number() {
    server.execute(
        history,
        "insert into audit_index select (select count(*) from audit_index)"
            + " + row_number() over (order by at, entry_id), entry_id from audit_outbox",
        "delete from audit_outbox");
  }

  private String role(String ofGrant, Instant until, Instant end) {
    return make("jit_" + broker + "_" + ofGrant, ofGrant, until, end);
  }

  private String make(String name, String ofGrant, Instant until, Instant end) {
    made.add(name);
    server.execute(
        "postgres",
        "create role " + name + " nologin valid until '" + until + "'",
        "comment on role "
            + name
            + " is '{\"curfew\":1,\"installation\":\""
            + INSTALLATION
            + "\",\"broker\":\""
            + broker
            + "\",\"grant\":\""
            + ofGrant
            + "\",\"exp\":\""
            + end
            + "\"}'");
    return name;
  }

  private void open(String role, Instant until) {
    server.execute("postgres", "alter role " + role + " login valid until '" + until + "'");
  }
}

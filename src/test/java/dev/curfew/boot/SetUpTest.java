package dev.curfew.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.Clocks;
import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.Ids;
import dev.curfew.account.People;
import dev.curfew.account.Seed;
import dev.curfew.audit.Refusals;
import dev.curfew.grant.GrantFlow;
import dev.curfew.identity.Caller;
import dev.curfew.mfa.FirstDay;
import dev.curfew.testing.Browser;
import dev.curfew.testing.Cast;
import dev.curfew.testing.Prover;
import dev.curfew.testing.Store;
import dev.curfew.testing.VirtualPasskey;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The first administrator, by the token that is on the host. */
@QuarkusTest
@WithTestResource(Store.class)
class SetUpTest {

  private static final String PASSWORD = "a long sentence to sign in";

  @Inject SetUp setUp;
  @Inject BootSettings settings;
  @Inject Seed seed;
  @Inject Refusals refusals;
  @Inject Clocks clocks;
  @Inject Doors doors;
  @Inject Cast cast;
  @Inject DataSource store;
  @Inject EntityManager entities;
  @Inject FirstDay firstDay;
  @Inject GrantFlow grants;
  @Inject People people;

  private Duration passed = Duration.ZERO;

  @BeforeEach
  void nobodyAdministers() {
    cast.run("delete from sign_in_delay");
    cast.run(
        "update person set enabled = false where id in"
            + " (select person from membership where group_name = 'administrators')");
  }

  @Test
  void anHourLaterItsTokenIsRefusedWithTheWayToANewOne() throws Exception {
    Clocks moved =
        new Clocks(
            (carried, accepted) -> {
              Instant now = clocks.now().plus(passed);
              return new Clocks.Reading(now, now, accepted);
            });
    SetUp later = new SetUp(settings, seed, refusals, moved, doors);
    String secret = Files.readString(later.open()).strip();
    String address = "192.0.2." + Ids.next();
    long before = refusals();
    passed = Duration.ofMinutes(61);
    moved.refresh();

    CurfewException over =
        assertThrows(
            CurfewException.class, () -> later.redeem(secret, "late-admin", "Ada", address));
    assertEquals(Fault.SIGN_IN_REFUSED, over.fault());
    assertTrue(over.getMessage().contains("hour of this set-up token is over"), over.getMessage());
    assertTrue(over.getMessage().contains("restart Curfew"), over.getMessage());
    assertFalse(seed.hasAdministrator());
    assertEquals(before + 1, refusals());

    String fresh = Files.readString(later.open()).strip();
    assertNotEquals(secret, fresh);
    assertThrows(CurfewException.class, () -> later.redeem(secret, "late-admin", "Ada", address));
    String user = "late-" + Ids.next().substring(0, 8);
    assertTrue(later.redeem(fresh, user, "Ada", address).path().startsWith("/enrol/"));
    assertTrue(seed.hasAdministrator());
  }

  @Test
  void ofTwoNodesTokensOneMakesTheFirstAdministratorAndTheOtherIsVoid() throws Exception {
    String mine = Files.readString(setUp.open()).strip();
    SetUp other = new SetUp(settings, seed, refusals, clocks, doors);
    String theirs = Files.readString(other.open()).strip();
    String user = "two-" + Ids.next().substring(0, 8);
    List<CompletableFuture<String>> both =
        List.of(
            CompletableFuture.supplyAsync(() -> redeem(setUp, mine, user + "a")),
            CompletableFuture.supplyAsync(() -> redeem(other, theirs, user + "b")));
    List<String> answers = both.stream().map(CompletableFuture::join).sorted().toList();
    assertEquals(List.of("/enrol", "this installation has an administrator"), answers);
    cast.run(
        "update person set enabled = false where id in"
            + " (select person from membership where group_name = 'administrators')");
    assertThrows(CurfewException.class, () -> setUp.redeem(mine, user, "Ada", "192.0.2.1"));
    assertThrows(CurfewException.class, () -> other.redeem(theirs, user, "Ada", "192.0.2.1"));
  }

  private static String redeem(SetUp at, String token, String user) {
    try {
      return at.redeem(token, user, "Ada", "192.0.2.1").path().substring(0, 6);
    } catch (CurfewException e) {
      return e.getMessage();
    }
  }

  private long refusals() throws SQLException {
    try (Connection connection = store.getConnection();
        PreparedStatement query =
            connection.prepareStatement(
                "select count(*) from audit_entry where kind = 'set-up-refused'");
        ResultSet row = query.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }

  @Test
  void whomTheHostDoesNotKnowItTakesNothingFrom() throws Exception {
    RevokeApplication revoke = new RevokeApplication(grants, people);
    assertEquals(Serve.FAILED, revoke.run("person", "nobody-of-that-name", ""));
    assertEquals(Serve.FAILED, revoke.run("grant", Ids.next(), ""));
  }

  @Test
  void theFirstDayBeginsWithTheFirstPersonHoweverOldTheStore() {
    QuarkusTransaction.begin();
    try {
      entities.createNativeQuery("truncate person cascade").executeUpdate();
      entities
          .createNativeQuery("update first_day set began_at = began_at - interval '3 days'")
          .executeUpdate();
      assertFalse(firstDay.isToday());
      seed.firstAdministrator(Caller.operator("set-up"), "first-of-all", "Ada");
      assertTrue(firstDay.isToday(), "what they enrol now waits for nothing");
    } finally {
      QuarkusTransaction.rollback();
    }
  }

  @Test
  void theFirstAdministratorEnrolsAPasskeyAndAdministersAtOnce() throws IOException {
    String secret = Files.readString(setUp.open()).strip();
    String user = "first-" + Ids.next().substring(0, 8);
    Browser browser = new Browser();
    Response made = browser.post("/set-up", Map.of("token", secret, "user", user, "name", "Ada"));
    assertEquals(303, made.statusCode(), made.asString());
    assertEquals(404, browser.get("/set-up").statusCode(), "once");

    String link = made.header("Location").replaceFirst("^https?://[^/]+", "");
    browser.get(link);
    assertEquals(
        303, browser.post(link, Map.of("password", PASSWORD, "again", PASSWORD)).statusCode());
    browser.get("/enrol");
    VirtualPasskey key = VirtualPasskey.ofTheDefaultSite();
    Response enrolled =
        browser.post("/enrol/passkey", Prover.made(browser, key, "/enrol/passkey-options"));
    assertEquals(200, enrolled.statusCode(), enrolled.asString());
    assertTrue(
        enrolled.asString().matches("(?s).*<li>[a-z2-7]{4}(-[a-z2-7]{4}){3}</li>.*"),
        "recovery codes are shown");

    Browser later = new Browser();
    assertEquals(303, later.password(user, PASSWORD).statusCode());
    Response in = later.post("/sign-in/second", Prover.form(later, key, "sign-in", Map.of()));
    assertEquals(303, in.statusCode(), in.asString());
    later.get("/admin/people");
    Response second =
        later.post(
            "/admin/people",
            Prover.form(
                later,
                key,
                "person-add",
                Map.of("user", user + "-2", "name", "Second", "groups", "administrators")));
    assertEquals(200, second.statusCode(), second.asString());
  }
}

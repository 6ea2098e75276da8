package dev.curfew.audit;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.Clocks;
import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.Ids;
import dev.curfew.identity.Caller;
import dev.curfew.testing.Store;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(Store.class)
class RefusalsTest {

  @Inject Doorbell doorbell;
  @Inject Refusals refusals;
  @Inject Timeline timeline;
  @Inject Clocks clocks;
  @Inject DataSource store;

  private final String request = Ids.next();
  private final String grant = Ids.next();
  private final Caller eve = Histories.person("Eve");

  /** Counting is per minute: none of these tests may run across the turn of one. */
  @BeforeEach
  void beginEarlyInAMinute() {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              Instant now = clocks.now();
              Instant minute = now.truncatedTo(ChronoUnit.MINUTES);
              return Duration.between(minute, now).toSeconds() < 50;
            });
  }

  @Test
  void aRefusalIsWrittenOnceAfterTheRollback() {
    assertThrows(
        CurfewException.class,
        () -> doorbell.ring(eve, new Doorbell.Ring(request, "orders-db/read-only", "x"), grant));
    List<Moment> moments = timeline.ofRequest(request);
    assertEquals(1, moments.size(), "the move is rolled back, the refusal is kept");
    Moment refusal = moments.get(0);
    assertEquals("refused", refusal.kind());
    assertEquals(Entry.Outcome.REFUSED, refusal.outcome());
    assertEquals("wrong-state", refusal.field("code").orElseThrow());
    assertEquals("ring", refusal.field("act").orElseThrow());
    assertEquals("grant already ended", refusal.personal("message").orElseThrow());
    assertEquals(grant, refusal.grant());
    assertEquals("orders-db/read-only", refusal.entitlement());
    assertEquals("Eve was refused (ring): wrong-state, grant already ended", refusal.words());
  }

  @Test
  void ofNestedFlowsOnlyTheOutermostWrites() {
    assertThrows(CurfewException.class, () -> doorbell.outer(eve, request));
    List<Moment> moments = timeline.ofRequest(request);
    assertEquals(1, moments.size());
    assertEquals("outer", moments.get(0).field("act").orElseThrow());
  }

  @Test
  void whatAFlowMendsIsNoRefusal() {
    assertEquals("mended", doorbell.outerMends(eve, request));
    assertTrue(timeline.ofRequest(request).isEmpty());
  }

  @Test
  void aFaultOfOursIsNoRefusal() {
    assertThrows(IllegalStateException.class, () -> doorbell.broken(eve, request));
    assertTrue(timeline.ofRequest(request).isEmpty());
  }

  @Test
  void aDoorDoesNotWriteAgainWhatAFlowHasWritten() {
    CurfewException refusal =
        assertThrows(CurfewException.class, () -> doorbell.outer(eve, request));
    refusals.record(eve, "vote", refusal);
    refusals.record(About.caller(eve).request(request), "vote", refusal);
    assertEquals(1, timeline.ofRequest(request).size());
    assertEquals(1, entriesOf(eve));
  }

  @Test
  void textThatIsNoIdIsNotKept() {
    assertThrows(
        CurfewException.class,
        () -> doorbell.ring(eve, new Doorbell.Ring("my password", "DROP TABLE;", "x"), grant));
    Moment refusal = timeline.ofGrant(grant).get(0);
    assertNull(refusal.request());
    assertNull(refusal.entitlement());
    assertFalse(refusal.toString().contains("my password"));
  }

  @Test
  void fromTheEleventhInAMinuteTheyAreCounted() throws SQLException {
    for (int i = 0; i < 25; i++) {
      assertThrows(CurfewException.class, () -> doorbell.outer(eve, request));
    }
    assertEquals(10, timeline.ofRequest(request).size());
    Histories.execute(
        store,
        "update audit_refusal set minute = minute - interval '1 minute' where who = '"
            + eve.person()
            + "'");
    refusals.writeCounted();
    assertEquals(
        15,
        Histories.ask(
            store,
            "select (body::json ->> 'count')::int from audit_entry where actor = '%s' and body like '%%\"count\"%%'"
                .formatted(eve.person())));
    assertEquals(11, entriesOf(eve));
    refusals.writeCounted();
    assertEquals(11, entriesOf(eve), "a minute is counted once");
  }

  @Test
  void anotherCodeOrAnotherCallerHasItsOwnCount() {
    for (int i = 0; i < 12; i++) {
      assertThrows(CurfewException.class, () -> doorbell.outer(eve, request));
    }
    Caller mallory = Histories.person("Mallory");
    assertThrows(CurfewException.class, () -> doorbell.outer(mallory, request));
    assertThrows(
        CurfewException.class,
        () -> doorbell.ring(eve, new Doorbell.Ring(request, null, null), null));
    assertEquals(12, timeline.ofRequest(request).size());
  }

  @Test
  void failedSignInsAreWrittenWithoutTheUnknownName() {
    String address = "198.51.100." + Ids.next();
    CurfewException refused =
        new CurfewException(Fault.SIGN_IN_REFUSED, "name or password is wrong");
    refusals.atTheDoor(Kind.SIGN_IN_REFUSED, "sign-in", address, null, refused);
    refusals.atTheDoor(Kind.SIGN_IN_REFUSED, "sign-in", address, null, refused);
    assertEquals(1, entriesFrom(address));
    for (int i = 0; i < 30; i++) {
      CurfewException again = new CurfewException(Fault.SIGN_IN_REFUSED, "wrong");
      refusals.atTheDoor(Kind.SIGN_IN_REFUSED, "sign-in", address, eve.person(), again);
    }
    assertEquals(10, entriesFrom(address));
  }

  @Test
  void somebodyNotSignedInLeavesNoEntryElsewhere() {
    CurfewException refusal = new CurfewException(Fault.SIGN_IN_REQUIRED, "sign in to go on");
    String address = "198.51.100." + Ids.next();
    refusals.record(Caller.stranger(address), "read-history", refusal);
    assertEquals(0, entriesFrom(address));
    assertThrows(
        IllegalArgumentException.class,
        () -> refusals.atTheDoor(Kind.REFUSED, "vote", address, null, refusal));
  }

  private long entriesOf(Caller caller) {
    return Histories.ask(
        store, "select count(*) from audit_entry where actor = '" + caller.person() + "'");
  }

  private long entriesFrom(String address) {
    return Histories.ask(
        store,
        "select count(*) from audit_field where field = 'from' and value = '" + address + "'");
  }
}

package dev.curfew.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.Ids;
import dev.curfew.identity.Caller;
import dev.curfew.testing.Store;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import javax.sql.DataSource;
import org.erdtman.jcs.JsonCanonicalizer;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(Store.class)
class AuditTest {

  @Inject Audit audit;
  @Inject Timeline timeline;
  @Inject DataSource store;

  private final String request = Ids.next();
  private final Caller ada = Histories.person("Ada");

  @Test
  void anEntryIsReadBackAsItWasWritten() {
    Histories.record(
        audit,
        Entry.of(Kind.REQUEST_SUBMITTED, ada)
            .subject(ada.person())
            .entitlement("orders-db/read-only")
            .request(request)
            .with("window_seconds", 1_800L)
            .with("ticket", "OPS-7 “\"<b>")
            .with("stages", List.of("dba", "owner"))
            .with("proof", "passkey, bound to this request"));
    Moment moment = timeline.ofRequest(request).get(0);
    assertEquals(
        "Ada asked for orders-db/read-only for 30 min, ticket OPS-7 “\"<b>", moment.words());
    assertEquals("dba, owner", moment.field("stages").orElseThrow());
    assertEquals("passkey, bound to this request", moment.proof().orElseThrow());
    assertEquals("192.0.2.7", moment.from().orElseThrow());
    assertEquals(ada.person(), moment.actor());
    assertEquals(Entry.Outcome.DONE, moment.outcome());
  }

  @Test
  void theBodyIsCanonicalAndHoldsPersonalValuesOnlyAsSaltedHashes() throws Exception {
    Histories.record(audit, Entry.of(Kind.REQUEST_CANCELLED, ada).request(request));
    Moment moment = timeline.ofRequest(request).get(0);
    assertEquals(new JsonCanonicalizer(moment.body()).getEncodedString(), moment.body());
    assertFalse(moment.body().contains("Ada"), moment.body());
    assertFalse(moment.body().contains("192.0.2.7"), moment.body());
    Moment.Salted name = moment.personal().get("actor_name");
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    digest.update(HexFormat.of().parseHex(name.salt()));
    String hash =
        HexFormat.of().formatHex(digest.digest(name.value().getBytes(StandardCharsets.UTF_8)));
    assertEquals(hash, moment.fields().get("personal").get("actor_name").textValue());
  }

  @Test
  void anErasedNameLeavesTheEntryAndItsHash() throws SQLException {
    Histories.record(audit, Entry.of(Kind.REQUEST_CANCELLED, ada).request(request));
    Moment before = timeline.ofRequest(request).get(0);
    Histories.execute(store, "delete from audit_field where entry_id = '" + before.id() + "'");
    Moment after = timeline.ofRequest(request).get(0);
    assertEquals(before.body(), after.body());
    assertEquals(ada.person(), after.actorName());
  }

  @Test
  void withoutATransactionOfTheCallerNothingIsWritten() {
    assertThrows(
        RuntimeException.class,
        () -> audit.record(Entry.of(Kind.REQUEST_CANCELLED, ada).request(request)));
    assertTrue(timeline.ofRequest(request).isEmpty());
  }

  @Test
  void whatIsRolledBackDidNotHappen() {
    assertThrows(
        IllegalStateException.class,
        () ->
            QuarkusTransaction.requiringNew()
                .run(
                    () -> {
                      audit.record(Entry.of(Kind.REQUEST_CANCELLED, ada).request(request));
                      throw new IllegalStateException("the move failed");
                    }));
    assertTrue(timeline.ofRequest(request).isEmpty());
  }

  @Test
  void entriesOfOneTransactionKeepTheirOrder() {
    Entry[] many = Collections.nCopies(50, null).toArray(new Entry[0]);
    for (int i = 0; i < many.length; i++) {
      many[i] = Entry.of(Kind.REQUEST_LAPSED, ada).request(request).with("why", "number " + i);
    }
    Histories.record(audit, many);
    List<Moment> moments = timeline.ofRequest(request);
    for (int i = 0; i < many.length; i++) {
      assertEquals("number " + i, moments.get(i).field("why").orElseThrow());
    }
  }

  @Test
  void aKindRefusesAFieldItDoesNotName() {
    Entry entry = Entry.of(Kind.SECRET_SHOWN, ada);
    assertThrows(IllegalArgumentException.class, () -> entry.with("password", "hunter2"));
    assertThrows(IllegalArgumentException.class, () -> entry.withPersonal("password", "hunter2"));
  }

  @Test
  void anEntryHoldsPlainValuesOnly() {
    Object secret = new Object();
    Entry entry = Entry.of(Kind.REQUEST_CANCELLED, ada).with("why", secret);
    assertThrows(IllegalArgumentException.class, () -> Histories.record(audit, entry));
  }

  @Test
  void aWordyEntryIsCutAndSaysSoRatherThanStoppingARevocation() {
    String emoji = "🧨".repeat(20_000);
    Histories.record(
        audit,
        Entry.of(Kind.GRANT_REVOKE_WAITS, Caller.BROKER)
            .request(request)
            .with("problem", emoji)
            .with("step", "BLOCK"));
    Moment moment = timeline.ofRequest(request).get(0);
    assertTrue(moment.body().getBytes(StandardCharsets.UTF_8).length <= 16 * 1024);
    assertTrue(moment.fields().get("cut").booleanValue());
    assertTrue(moment.field("problem").orElseThrow().endsWith("🧨…"));
  }

  @Test
  void textThatNoStoreCanHoldIsStillWritten() {
    Histories.record(
        audit,
        Entry.of(Kind.REQUEST_LAPSED, Histories.person("Nu\0ll"))
            .request(request)
            .with("why", "half \uD83E of a pair"));
    Moment moment = timeline.ofRequest(request).get(0);
    assertEquals("Nu\uFFFDll", moment.actorName());
    assertEquals("half \uFFFD of a pair", moment.field("why").orElseThrow());
  }

  @Test
  void nobodyChangesOrDeletesWhatHappened() {
    Histories.record(audit, Entry.of(Kind.REQUEST_CANCELLED, ada).request(request));
    for (String attempt :
        List.of(
            "update audit_entry set actor = 'someone-else'",
            "delete from audit_entry",
            "delete from audit_entry where false",
            "truncate audit_entry cascade",
            "update audit_index set n = n + 1",
            "delete from audit_index",
            "truncate audit_index",
            "update audit_field set value = 'x'",
            "set session_replication_role = replica; delete from audit_entry")) {
      SQLException refused =
          assertThrows(SQLException.class, () -> Histories.execute(store, attempt), attempt);
      assertTrue(refused.getMessage().contains("the history is not changed"), attempt);
    }
    assertEquals(1, timeline.ofRequest(request).size());
  }
}

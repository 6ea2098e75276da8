package dev.curfew.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.curfew.Clocks;
import dev.curfew.catalog.TargetHealth.Seen;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TargetHealthTest {

  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

  /** No connector, no history, no pins: nothing may be asked of it, and nothing told. */
  private final TargetHealth health =
      new TargetHealth(
          null,
          null,
          new Clocks((carried, accepted) -> new Clocks.Reading(NOW, NOW, accepted)),
          null,
          null);

  @Test
  void whatOnlyThisNodeLacksIsToldToAdministratorsByFileAndLineAndToOthersAsClosed() {
    Pack.Site site = siteWithoutItsVariables();
    health.look(site);
    health.look(site);
    Seen seen = health.of(site).orElseThrow();
    assertEquals(
        "stock-db is closed on this node, which lacks a setting for it",
        seen.fatal().orElseThrow());
    assertEquals(
        "connectors/mine/pack.yaml:5: CURFEW_TARGET_STOCK_HOST is not set on this node; set it,"
            + " or write the host; connectors/mine/pack.yaml:5: CURFEW_TARGET_STOCK_PORT is not"
            + " set on this node; set it, or write the port",
        seen.fatalDetail().orElseThrow());
  }

  @Test
  void aTargetWhoseClockIsOffIsSaidWithWhatThatMeans() {
    assertEquals(Optional.empty(), TargetHealth.clockIsOff("orders-db", Duration.ofSeconds(-5)));
    assertEquals(
        "the clock of orders-db is 6 s behind: when Curfew is down it lets people in that much too"
            + " long; set it right",
        TargetHealth.clockIsOff("orders-db", Duration.ofSeconds(-6)).orElseThrow().text());
    assertEquals(
        "the clock of orders-db is 3600 s ahead: it refuses logins that much too early; set it"
            + " right",
        TargetHealth.clockIsOff("orders-db", Duration.ofHours(1)).orElseThrow().text());
  }

  private static Pack.Site siteWithoutItsVariables() {
    String pack =
        SnapshotReaderTest.PACK.replace(
            "host: db.example.org, port: 5432",
            "host: 'env:CURFEW_TARGET_STOCK_HOST', port: 'env:CURFEW_TARGET_STOCK_PORT'");
    SnapshotFiles files = Readers.files(pack, SnapshotReaderTest.RULES);
    return Readers.reader()
        .readAccepted(files, new ArrayList<>())
        .orElseThrow()
        .sites()
        .get("stock-db");
  }
}

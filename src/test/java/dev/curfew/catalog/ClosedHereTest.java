package dev.curfew.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.curfew.Clocks;
import dev.curfew.connector.Connectors;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A target that this node alone cannot use. */
class ClosedHereTest {

  private static final String PACK =
      """
      uses: postgresql
      targets:
        - id: stock-db
          admin: {host: 'env:CURFEW_TARGET_STOCK_HOST', port: 5432}
          user: cf_broker
          secret: env:CURFEW_SECRET_STOCK
          entitlements:
            - id: read-only
              level: read
              longest: 8h
              database: stock
              role: stock_read
      """;

  private static final String RULES =
      """
      rules:
        - name: everyone-reads
          for: '*'
          who: {groups: engineering}
          ask: {group: dba-oncall}
      """;

  @Test
  void itIsClosedWithTheLineToMendAndNothingIsAskedOfIt() {
    Snapshot snapshot =
        Readers.reader(Set.of(), List.of())
            .readAccepted(Readers.files(PACK, RULES), new ArrayList<>())
            .orElseThrow();
    Pack.Site site = snapshot.sites().get("stock-db");
    Connectors none =
        new Connectors(
            kind -> {
              throw new AssertionError("nothing may be asked of " + kind);
            });
    Clocks clocks = new Clocks(() -> Instant.EPOCH);
    clocks.refresh();
    TargetHealth health = new TargetHealth(none, null, clocks, null, null);
    health.look(site);
    assertEquals(
        "connectors/mine/pack.yaml:4: CURFEW_TARGET_STOCK_HOST is not set on this node;"
            + " set it, or write the host",
        health.of(site).flatMap(TargetHealth.Seen::fatalDetail).orElse("open"));
  }
}

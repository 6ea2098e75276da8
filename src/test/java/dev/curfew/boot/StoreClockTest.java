package dev.curfew.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.Clocks;
import dev.curfew.testing.Store;
import io.agroal.api.AgroalDataSource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(Store.class)
class StoreClockTest {

  @Inject Clocks clocks;
  @Inject AgroalDataSource store;

  @Test
  void tellsTheTimeOfTheStore() throws SQLException {
    Instant ours = clocks.now();
    try (var connection = store.getConnection();
        var statement = connection.createStatement();
        var row = statement.executeQuery("select clock_timestamp()")) {
      row.next();
      Instant theirs = row.getObject(1, OffsetDateTime.class).toInstant();
      assertTrue(Duration.between(ours, theirs).abs().toSeconds() < 2, ours + " and " + theirs);
    }
    assertEquals(ours.truncatedTo(ChronoUnit.MICROS), ours);
    assertTrue(clocks.sinceReading().toSeconds() < 10);
  }
}

package dev.curfew.boot;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.Clocks;
import dev.curfew.Ids;
import dev.curfew.testing.Store;
import io.agroal.api.AgroalDataSource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(Store.class)
class JobTurnsTest {

  private static final Duration EACH = Duration.ofSeconds(60);

  @Inject JobTurns turns;
  @Inject Clocks clocks;
  @Inject AgroalDataSource store;

  private final String job = "job " + Ids.next();

  @Test
  void oneNodeDoesItAndNobodyAgainBeforeItIsDue() throws SQLException {
    Instant began = clocks.now();
    assertTrue(turns.take(job, "a", EACH));
    assertFalse(turns.take(job, "b", EACH), "a does it");
    turns.done(job, "a", began, EACH);
    assertFalse(turns.take(job, "b", EACH), "it is not due");
    dueIn(Duration.ofSeconds(-1));
    assertTrue(turns.take(job, "b", EACH));
    assertFalse(turns.take(job, "a", EACH));
  }

  @Test
  void aNodeThatDiedInTheMiddleIsFollowedByAnotherAndChangesNothingWhenItWakes()
      throws SQLException {
    Instant began = clocks.now();
    assertTrue(turns.take(job, "a", EACH));
    turns.keep(job, "a");
    assertFalse(turns.take(job, "b", EACH));
    dueIn(Duration.ofSeconds(-1)); // its lease is over
    assertTrue(turns.take(job, "b", EACH));
    turns.keep(job, "a");
    turns.done(job, "a", began.minusSeconds(100), EACH);
    assertFalse(turns.take(job, "a", EACH), "b does it");
  }

  @Test
  void nobodyWaitsForATimeThatWasTakenBack() throws SQLException {
    assertTrue(turns.take(job, "a", EACH));
    dueIn(Duration.ofHours(1));
    assertTrue(turns.take(job, "b", EACH));
  }

  private void dueIn(Duration time) throws SQLException {
    try (var connection = store.getConnection();
        var set =
            connection.prepareStatement("update cluster_job set next_at = ? where name = ?")) {
      set.setObject(1, clocks.now().plus(time).atOffset(ZoneOffset.UTC));
      set.setString(2, job);
      set.executeUpdate();
    }
  }
}

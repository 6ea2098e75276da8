package dev.curfew.boot;

import dev.curfew.Clocks;
import dev.curfew.grant.Reconciler;
import dev.curfew.request.RequestFlow;
import io.agroal.api.AgroalDataSource;
import io.quarkus.scheduler.Scheduled;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jboss.logging.Logger;

/**
 * The single jobs of the cluster: Quartz keeps them in the store, and one node runs each. Ends of
 * grants are not among them: those are the workers' own.
 */
@Singleton
class Jobs {

  private static final Logger LOG = Logger.getLogger(Jobs.class);
  private static final Duration KEPT = Duration.ofDays(30);
  private static final Duration BRIEF = Duration.ofDays(1);

  private final RequestFlow requests;
  private final Reconciler reconciler;
  private final AgroalDataSource store;
  private final Clocks clocks;

  Jobs(RequestFlow requests, Reconciler reconciler, AgroalDataSource store, Clocks clocks) {
    this.requests = requests;
    this.reconciler = reconciler;
    this.store = store;
    this.clocks = clocks;
  }

  @Scheduled(
      identity = "lapse",
      every = "15s",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  void lapse() {
    int lapsed = requests.lapse();
    if (lapsed > 0) {
      LOG.infof("%d requests waited too long and lapsed", lapsed);
    }
  }

  @Scheduled(
      identity = "reconcile",
      every = "60s",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  void reconcile() {
    reconciler.run();
  }

  /** What is over and proves nothing any more: the history is the memory, not these tables. */
  @Scheduled(
      identity = "clean-up",
      every = "1h",
      delayed = "5m",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  void cleanUp() throws SQLException {
    Instant now = clocks.now();
    try (Connection connection = store.getConnection()) {
      delete(connection, "delete from web_session where until < ?", now.minus(KEPT));
      delete(connection, "delete from enrolment_link where until < ?", now.minus(KEPT));
      delete(connection, "delete from sign_in_delay where last_at < ?", now.minus(BRIEF));
      delete(connection, "delete from totp_draft where created_at < ?", now.minus(BRIEF));
      delete(connection, "delete from proof_challenge where expires_at < ?", now.minus(BRIEF));
    }
  }

  private static void delete(Connection connection, String sql, Instant before)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setObject(1, OffsetDateTime.ofInstant(before, ZoneOffset.UTC));
      statement.executeUpdate();
    }
  }
}

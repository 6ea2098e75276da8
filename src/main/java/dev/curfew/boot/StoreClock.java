package dev.curfew.boot;

import dev.curfew.Clocks;
import io.agroal.api.AgroalDataSource;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Reads the store's clock every few seconds, on each node, for {@link Clocks}. */
@Singleton
class StoreClock {

  private static final Logger LOG = Logger.getLogger(StoreClock.class);
  private static final Duration EACH = Duration.ofSeconds(5);

  private final AgroalDataSource store;
  private final Clocks clocks = new Clocks(this::read);
  private final ScheduledExecutorService reader =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "store-clock");
            thread.setDaemon(true);
            return thread;
          });
  private boolean answering = true;

  StoreClock(AgroalDataSource store) {
    this.store = store;
  }

  @Produces
  @Singleton
  Clocks clocks() {
    return clocks;
  }

  @Startup
  void start() {
    reader.scheduleWithFixedDelay(this::refresh, 0, EACH.toMillis(), TimeUnit.MILLISECONDS);
  }

  void stop(@Observes ShutdownEvent event) {
    reader.shutdownNow();
  }

  private void refresh() {
    try {
      clocks.refresh();
      if (!answering) {
        LOG.info("the store answers again");
      }
      answering = true;
    } catch (RuntimeException | Error e) { // or the clock would never be read again
      if (answering) {
        LOG.warnf("the store does not answer: %s", e.toString());
      }
      answering = false;
    }
  }

  private Instant read() {
    try (Connection connection = store.getConnection();
        Statement statement = connection.createStatement()) {
      statement.setQueryTimeout(5);
      try (ResultSet row = statement.executeQuery("select clock_timestamp()")) {
        row.next();
        return row.getObject(1, OffsetDateTime.class).toInstant();
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }
}

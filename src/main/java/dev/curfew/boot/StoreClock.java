package dev.curfew.boot;

import dev.curfew.Clocks;
import io.agroal.api.AgroalDataSource;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Reads the store's clock every few seconds, on each node, for {@link Clocks}. */
@Singleton
class StoreClock {

  private static final Logger LOG = Logger.getLogger(StoreClock.class);
  private static final Duration EACH = Duration.ofSeconds(5);
  private static final Duration WORTH_A_WARNING = Duration.ofSeconds(5);

  private static final String RAISE =
      """
      with clock as (select clock_timestamp() as now),
           given as (select ?::bigint as accepted, ?::timestamptz as carried)
      update store_clock
         set mark = greatest(mark, clock.now,
                             case when store_clock.accepted = given.accepted
                                   and given.carried > clock.now + interval '1 s'
                                  then given.carried end)
        from clock, given
      returning clock.now as clock, mark, store_clock.accepted as n
      """;

  private final AgroalDataSource store;
  private final Clocks clocks = new Clocks(this::raise);
  private final ScheduledExecutorService reader =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "store-clock");
            thread.setDaemon(true);
            return thread;
          });
  private boolean answering = true;
  private boolean agreed = true;

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
    refresh();
    reader.scheduleWithFixedDelay(
        this::refresh, EACH.toMillis(), EACH.toMillis(), TimeUnit.MILLISECONDS);
  }

  void stop(@Observes ShutdownEvent event) {
    reader.shutdownNow();
  }

  private void refresh() {
    try {
      clocks.refresh();
      warnOfSkew();
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

  private void warnOfSkew() {
    boolean agree = clocks.skew().worst().compareTo(WORTH_A_WARNING) <= 0;
    if (!agree && agreed) {
      LOG.warnf("%s; above 30 s no access is given", clocks.skew().words());
    }
    agreed = agree;
  }

  private Clocks.Reading raise(Instant carried, long accepted) {
    try (Connection connection = store.getConnection();
        PreparedStatement raise = connection.prepareStatement(RAISE)) {
      raise.setQueryTimeout(5);
      raise.setLong(1, accepted);
      raise.setObject(2, carried == null ? null : carried.atOffset(ZoneOffset.UTC));
      try (ResultSet row = raise.executeQuery()) {
        row.next();
        return new Clocks.Reading(instant(row, "clock"), instant(row, "mark"), row.getLong("n"));
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }
}

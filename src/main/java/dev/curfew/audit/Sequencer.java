package dev.curfew.audit;

import dev.curfew.Clocks;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/**
 * Numbers the entries, without a gap. Every node tries, each 200 ms; the one that gets the lock on
 * the store numbers a batch in one transaction. A node that dies leaves nothing half done.
 */
@ApplicationScoped
public class Sequencer {

  static final int BATCH = 1_000;

  private static final Logger LOG = Logger.getLogger(Sequencer.class);
  private static final Duration EACH = Duration.ofMillis(200);
  private static final Duration COUNTED_EACH = Duration.ofSeconds(5);

  /** The number is "audit" in ASCII; nobody else locks it. */
  private static final String LOCK =
      """
      select pg_try_advisory_xact_lock(418581342580)
       where exists (select from audit_outbox)
      """;

  // One statement after the lock is held, so that it sees what the last holder committed.
  private static final String NUMBER =
      """
      with batch as (
        select entry_id, at from audit_outbox order by at, entry_id limit %d),
      numbered as (
        insert into audit_index (n, entry_id)
        select (select coalesce(max(n), 0) from audit_index)
                 + row_number() over (order by at, entry_id), entry_id
          from batch
        returning entry_id)
      delete from audit_outbox using numbered where audit_outbox.entry_id = numbered.entry_id
      """
          .formatted(BATCH);

  private static final String PROGRESS =
      """
      select last.n, last.at, waiting.newer, waiting.oldest
        from (select count(*) as newer, min(at) as oldest from audit_outbox) as waiting
        left join (select i.n, e.at from audit_index i join audit_entry e on e.id = i.entry_id
                    order by i.n desc limit 1) as last on true
      """;

  private final DataSource store;
  private final Clocks clocks;
  private final Refusals refusals;
  private ScheduledExecutorService thread;
  private volatile boolean failing;

  Sequencer(DataSource store, Clocks clocks, Refusals refusals) {
    this.store = store;
    this.clocks = clocks;
    this.refusals = refusals;
  }

  void start(@Observes StartupEvent started) {
    thread =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              Thread named = new Thread(work, "sequencer");
              named.setDaemon(true);
              return named;
            });
    each(EACH, this::numberAll);
    each(COUNTED_EACH, refusals::writeCounted);
  }

  void stop(@Observes ShutdownEvent stopping) {
    thread.shutdownNow();
  }

  /** How far the numbering is. One small query. */
  public Progress progress() {
    try (Connection connection = store.getConnection();
        PreparedStatement query = connection.prepareStatement(PROGRESS);
        ResultSet row = query.executeQuery()) {
      row.next();
      Instant oldest = instant(row, "oldest");
      return new Progress(
          row.getLong("n"), instant(row, "at"), row.getLong("newer"), lag(oldest, clocks.now()));
    } catch (SQLException e) {
      throw new IllegalStateException("the store did not say how far the history is", e);
    }
  }

  private static Duration lag(Instant oldest, Instant now) {
    return oldest == null || oldest.isAfter(now) ? Duration.ZERO : Duration.between(oldest, now);
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  private void each(Duration pause, Runnable work) {
    thread.scheduleWithFixedDelay(
        () -> attempt(work), pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void attempt(Runnable work) {
    try {
      work.run();
      failing = false;
    } catch (RuntimeException e) {
      if (!failing) {
        LOG.warn("entries of the history could not be numbered; trying on", e);
      }
      failing = true;
    }
  }

  private void numberAll() {
    while (numberBatch() == BATCH) {
      LOG.debug("a full batch was numbered; more may wait");
    }
  }

  /** Numbers up to {@link #BATCH} entries; 0 when none wait or another node is at it. */
  int numberBatch() {
    try (Connection connection = store.getConnection()) {
      connection.setAutoCommit(false);
      try {
        int numbered = mayNumber(connection) ? number(connection) : 0;
        connection.commit();
        return numbered;
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      } finally {
        connection.setAutoCommit(true);
      }
    } catch (SQLException e) {
      throw new IllegalStateException("entries could not be numbered", e);
    }
  }

  private static boolean mayNumber(Connection connection) throws SQLException {
    try (Statement lock = connection.createStatement();
        ResultSet row = lock.executeQuery(LOCK)) {
      return row.next() && row.getBoolean(1);
    }
  }

  private static int number(Connection connection) throws SQLException {
    try (Statement number = connection.createStatement()) {
      return number.executeUpdate(NUMBER);
    }
  }
}

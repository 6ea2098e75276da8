package dev.curfew.boot;

import dev.curfew.Clocks;
import io.agroal.api.AgroalDataSource;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;

/**
 * Which node does a single job of the cluster now. Times are those that count, never a machine's:
 * the wrong clock of one node must not keep the others from it.
 */
@Singleton
class JobTurns {

  /** How long a node that died in the middle of a job holds it up. */
  static final Duration LEASE = Duration.ofSeconds(20);

  /** Nobody waits longer than that: what is further off was written before a clock was accepted. */
  private static final String TAKE =
      """
      insert into cluster_job as j (name, owner, next_at) values (?, ?, ?)
      on conflict (name) do update set owner = excluded.owner, next_at = excluded.next_at
      where j.next_at <= ? or j.next_at > ?
      """;

  private static final String SET =
      "update cluster_job set next_at = ? where name = ? and owner = ?";

  private final AgroalDataSource store;
  private final Clocks clocks;

  JobTurns(AgroalDataSource store, Clocks clocks) {
    this.store = store;
    this.clocks = clocks;
  }

  /** True when the job is due and nobody else does it. */
  boolean take(String job, String owner, Duration each) {
    Instant now = clocks.now();
    Duration furthest = each.compareTo(LEASE) > 0 ? each : LEASE;
    return run(TAKE, job, owner, now.plus(LEASE), now, now.plus(furthest)) == 1;
  }

  /** It still runs. */
  void keep(String job, String owner) {
    run(SET, clocks.now().plus(LEASE), job, owner);
  }

  /** It is done, and due again {@code each} after it began. */
  void done(String job, String owner, Instant began, Duration each) {
    run(SET, began.plus(each), job, owner);
  }

  private int run(String sql, Object... values) {
    try (Connection connection = store.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setQueryTimeout(5);
      for (int i = 0; i < values.length; i++) {
        Object value = values[i];
        statement.setObject(
            i + 1, value instanceof Instant time ? time.atOffset(ZoneOffset.UTC) : value);
      }
      return statement.executeUpdate();
    } catch (SQLException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }
}

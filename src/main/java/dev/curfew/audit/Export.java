package dev.curfew.audit;

import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.identity.Caller;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import javax.sql.DataSource;

/**
 * The history as a file: the rows of the page under the same filter, oldest first, up to a number
 * that is fixed before the first row. Rows stream from a cursor in the store, so the size of the
 * history does not matter.
 */
@ApplicationScoped
public class Export {

  /** Rows in memory at once. */
  static final int FETCH = 500;

  /** Each holds a connection to the store for as long as the reader takes. */
  private static final int AT_ONCE = 3;

  private static final Duration TRY_AGAIN = Duration.ofSeconds(20);

  /** What a file looks like. */
  public enum Format {
    CSV("csv", "text/csv; charset=UTF-8"),
    JSONL("jsonl", "application/jsonl; charset=UTF-8");

    private final String extension;
    private final String mediaType;

    Format(String extension, String mediaType) {
      this.extension = extension;
      this.mediaType = mediaType;
    }

    public String extension() {
      return extension;
    }

    public String mediaType() {
      return mediaType;
    }
  }

  /**
   * An export that is allowed, recorded and fixed, and not yet read.
   *
   * @param upTo the last number it may hold
   */
  public record Ready(Filter filter, Format format, long upTo) {

    public String file() {
      return "curfew-history-" + upTo + "." + format.extension();
    }
  }

  private final DataSource store;
  private final Sequencer sequencer;
  private final Audit audit;
  private final Semaphore places = new Semaphore(AT_ONCE);

  Export(DataSource store, Sequencer sequencer, Audit audit) {
    this.store = store;
    this.sequencer = sequencer;
    this.audit = audit;
  }

  /**
   * Allows and records an export.
   *
   * @param upTo the last number, as an earlier page or export said it; empty for the newest
   */
  @Recorded("export-history")
  public Ready ready(Caller caller, Filter filter, Format format, OptionalLong upTo) {
    Ready ready = fixed(caller, filter, format, upTo);
    QuarkusTransaction.requiringNew()
        .run(
            () ->
                audit.record(
                    Entry.of(Kind.HISTORY_EXPORTED, caller)
                        .with("format", format.extension())
                        .with("filter", filter.conditions())
                        .with("up_to", ready.upTo())));
    return ready;
  }

  /**
   * Reads the export once more, to state its count and digest. The same number gives the same rows,
   * unless a personal value was erased in between.
   */
  @Recorded("export-history")
  public Manifest manifest(Caller caller, Filter filter, Format format, OptionalLong upTo) {
    return write(fixed(caller, filter, format, upTo), OutputStream.nullOutputStream());
  }

  private Ready fixed(Caller caller, Filter filter, Format format, OptionalLong upTo) {
    History.refuseUnlessReader(caller);
    long last = sequencer.progress().n();
    if (upTo.isPresent() && (upTo.getAsLong() < 0 || upTo.getAsLong() > last)) {
      throw CurfewException.invalid("upTo", "the history is complete up to " + last);
    }
    return new Ready(filter, format, upTo.orElse(last));
  }

  /** Writes the file. JSONL says count and digest in its last line, CSV in its manifest. */
  public Manifest write(Ready ready, OutputStream out) {
    if (!places.tryAcquire()) {
      throw new CurfewException(
              Fault.THROTTLED, AT_ONCE + " exports are being read already; try again in a moment")
          .retryAfter(TRY_AGAIN);
    }
    try {
      return stream(ready, out);
    } catch (SQLException e) {
      throw new IllegalStateException("the export could not be read to its end", e);
    } catch (IOException e) {
      throw new UncheckedIOException("the export's reader went away", e);
    } finally {
      places.release();
    }
  }

  private Manifest stream(Ready ready, OutputStream out) throws SQLException, IOException {
    try (Connection connection = store.getConnection()) {
      // a cursor lives in a transaction; without one the driver would load every row
      connection.setAutoCommit(false);
      connection.setReadOnly(true);
      try (Statement slow = connection.createStatement()) {
        slow.execute("set local idle_in_transaction_session_timeout = 0"); // it locks nothing
      }
      try (PreparedStatement query = query(ready).on(connection)) {
        query.setFetchSize(FETCH);
        Digesting digesting = new Digesting(out);
        Rows rows = Rows.of(ready.format(), digesting);
        return finish(ready, rows, digesting, writeAll(query, rows));
      } finally {
        connection.rollback();
        connection.setReadOnly(false);
        connection.setAutoCommit(true);
      }
    }
  }

  private static Reading query(Ready ready) {
    return Reading.numbered(ready.filter()).and("i.n <= ?", ready.upTo()).then("order by i.n");
  }

  private static long writeAll(PreparedStatement query, Rows rows)
      throws SQLException, IOException {
    long count = 0;
    rows.start();
    try (ResultSet row = query.executeQuery()) {
      while (row.next()) {
        rows.write(Reading.moment(row));
        count++;
      }
    }
    return count;
  }

  private static Manifest finish(Ready ready, Rows rows, Digesting digesting, long count)
      throws IOException {
    rows.flush();
    Manifest manifest =
        new Manifest(
            ready.file(),
            ready.filter().conditions(),
            ready.upTo(),
            count,
            digesting.bytes(),
            digesting.hex());
    rows.end(manifest);
    return manifest;
  }
}

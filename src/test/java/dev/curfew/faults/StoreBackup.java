package dev.curfew.faults;

import dev.curfew.boot.Postgres;
import dev.curfew.boot.PostgresBinaries;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;

/** A backup of a store, made while it runs, as pg_basebackup makes one. */
final class StoreBackup {

  private final Postgres store;
  private final Path copy;
  private final String label;

  private StoreBackup(Postgres store, Path copy, String label) {
    this.store = store;
    this.copy = copy;
    this.label = label;
  }

  static StoreBackup of(Postgres store) {
    Path data = data(store);
    Path copy = store.folder().resolve("backup");
    try (Connection connection = store.connect("postgres");
        Statement statement = connection.createStatement()) {
      PostgresBinaries.delete(copy);
      statement.execute("select pg_backup_start('test', true)");
      copy(data, copy);
      String label;
      try (ResultSet row = statement.executeQuery("select labelfile from pg_backup_stop(false)")) {
        row.next();
        label = row.getString(1);
      }
      PostgresBinaries.delete(copy.resolve("pg_wal"));
      copy(data.resolve("pg_wal"), copy.resolve("pg_wal"));
      Files.deleteIfExists(copy.resolve("postmaster.pid"));
      return new StoreBackup(store, copy, label);
    } catch (SQLException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The server dies; the store is as it was then, and runs, at the same port. */
  void restore() {
    int port = store.port();
    store.crash();
    try {
      PostgresBinaries.delete(data(store));
      copy(copy, data(store));
      Files.writeString(data(store).resolve("backup_label"), label);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (store.start().port() != port) {
      throw new IllegalStateException("somebody else took the port of the store");
    }
  }

  private static Path data(Postgres store) {
    return store.folder().resolve("pgdata");
  }

  /** With owners and rights. A file that goes away meanwhile is in the log that is copied last. */
  private static void copy(Path from, Path to) throws IOException {
    try {
      Process copying =
          new ProcessBuilder("cp", "-a", from.toString(), to.toString())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!copying.waitFor(60, TimeUnit.SECONDS)) {
        throw new IOException("the copy takes too long");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}

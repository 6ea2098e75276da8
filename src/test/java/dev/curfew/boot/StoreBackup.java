package dev.curfew.boot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A backup of a demo's store, made while it runs, as pg_basebackup makes one. */
public final class StoreBackup {

  private final Path data;
  private final Path copy;
  private final String label;

  private StoreBackup(Path data, Path copy, String label) {
    this.data = data;
    this.copy = copy;
    this.label = label;
  }

  static StoreBackup of(Path data) {
    Path store = data.resolve("store");
    Path copy = data.resolve("store-backup");
    String url =
        "jdbc:postgresql://127.0.0.1:"
            + PrivateFile.read(store.resolve("port")).strip()
            + "/postgres";
    try (Connection connection =
            DriverManager.getConnection(
                url, Postgres.SUPERUSER, PrivateFile.read(store.resolve("password")).strip());
        Statement statement = connection.createStatement()) {
      statement.execute("select pg_backup_start('test', true)");
      copy(store.resolve("pgdata"), copy);
      String label;
      try (ResultSet row = statement.executeQuery("select labelfile from pg_backup_stop(false)")) {
        row.next();
        label = row.getString(1);
      }
      PostgresBinaries.delete(copy.resolve("pg_wal"));
      copy(store.resolve("pgdata/pg_wal"), copy.resolve("pg_wal"));
      Files.deleteIfExists(copy.resolve("postmaster.pid"));
      return new StoreBackup(data, copy, label);
    } catch (SQLException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The store is as it was then. The process must be dead. */
  public void restore() {
    Path store = data.resolve("store");
    new Postgres(store, PostgresBinaries.unpack(data.resolve("postgresql")), Map.of())
        .start()
        .crash();
    try {
      PostgresBinaries.delete(store.resolve("pgdata"));
      copy(copy, store.resolve("pgdata"));
      Files.writeString(store.resolve("pgdata/backup_label"), label);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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

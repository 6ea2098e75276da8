package dev.curfew.catalog;

import dev.curfew.Clocks;
import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.audit.Audit;
import dev.curfew.audit.Entry;
import dev.curfew.audit.Kind;
import dev.curfew.audit.Proven;
import dev.curfew.identity.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import javax.sql.DataSource;

/** Snapshots in the store: proposed by nodes, accepted once, kept for ever. */
@ApplicationScoped
class SnapshotStore {

  /** Who made a snapshot the one in force. */
  enum How {
    ADMINISTRATOR,
    CONFIGURATION,
    DEMO;

    String code() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** One acceptance. */
  record Acceptance(long n, String digest, Instant at, String by) {}

  /** What one node proposes. */
  record Proposal(String node, String digest, Instant at) {}

  @FunctionalInterface
  private interface Reading<T> {
    T read(ResultSet row) throws SQLException;
  }

  private final DataSource store;
  private final Clocks clocks;
  private final Audit audit;

  SnapshotStore(DataSource store, Clocks clocks, Audit audit) {
    this.store = store;
    this.clocks = clocks;
    this.audit = audit;
  }

  String installation() {
    return query("select id from installation", row -> row.getString(1)).get(0);
  }

  /** The acceptance in force. */
  Optional<Acceptance> latest() {
    return query(
            "select n, digest, accepted_at, accepted_by from snapshot_acceptance"
                + " order by n desc limit 1",
            SnapshotStore::acceptance)
        .stream()
        .findFirst();
  }

  /** Newest first. */
  List<Acceptance> acceptances() {
    return query(
        "select n, digest, accepted_at, accepted_by from snapshot_acceptance order by n desc",
        SnapshotStore::acceptance);
  }

  private static Acceptance acceptance(ResultSet row) throws SQLException {
    return new Acceptance(row.getLong(1), row.getString(2), instant(row, 3), row.getString(4));
  }

  /** Newest first. */
  List<Proposal> proposals() {
    return query(
        "select node, digest, seen_at from snapshot_proposal order by seen_at desc, node",
        row -> new Proposal(row.getString(1), row.getString(2), instant(row, 3)));
  }

  Optional<SnapshotFiles> files(String digest) {
    TreeMap<String, String> texts = new TreeMap<>();
    query(
        "select name, content from snapshot_file where digest = ?",
        row -> texts.put(row.getString(1), row.getString(2)),
        digest);
    return texts.isEmpty() ? Optional.empty() : Optional.of(new SnapshotFiles(texts));
  }

  List<String> fileNames(String digest) {
    return query(
        "select name from snapshot_file where digest = ? order by name",
        row -> row.getString(1),
        digest);
  }

  /** Notes what a node reads in its folders; answers whether that is news. */
  @Transactional
  boolean propose(String node, SnapshotFiles files) {
    String digest = files.digest();
    List<String> before =
        query("select digest from snapshot_proposal where node = ?", row -> row.getString(1), node);
    if (before.contains(digest)) {
      return false;
    }
    boolean known = proposals().stream().anyMatch(each -> each.digest().equals(digest));
    save(digest, files);
    change(
        "insert into snapshot_proposal (node, digest, seen_at) values (?, ?, ?)"
            + " on conflict (node) do update set digest = excluded.digest,"
            + " seen_at = excluded.seen_at",
        node,
        digest,
        now());
    forgetUnused();
    if (!known) {
      audit.record(
          Entry.of(Kind.SNAPSHOT_PROPOSED, Caller.BROKER)
              .with("digest", digest)
              .with("replaces", latest().map(Acceptance::digest).orElse(null))
              .with("files", files.texts().size()));
    }
    return true;
  }

  /** The node's files are what is in force, or are not sound: it proposes nothing. */
  @Transactional
  void withdraw(String node) {
    if (change("delete from snapshot_proposal where node = ?", node) > 0) {
      forgetUnused();
    }
  }

  /**
   * Puts a known snapshot in force.
   *
   * @throws CurfewException {@code NOT_FOUND}, or {@code WRONG_STATE} when it is in force already,
   *     or was before and the configuration would go back to it
   */
  @Transactional
  Acceptance accept(Caller by, String digest, How how, Proven proof) {
    query("select id from installation for update", row -> row.getString(1));
    Optional<Acceptance> last = latest();
    if (last.filter(each -> each.digest().equals(digest)).isPresent()) {
      throw new CurfewException(Fault.WRONG_STATE, "these packs and rules are in force already");
    }
    if (how == How.CONFIGURATION && wasAccepted(digest)) {
      throw new CurfewException(
          Fault.WRONG_STATE, "going back to what was replaced is an administrator's act");
    }
    SnapshotFiles files = files(digest).orElseThrow(() -> CurfewException.notFound("snapshot"));
    List<Change> changes = changes(last.map(Acceptance::digest), files);
    Acceptance acceptance =
        new Acceptance(last.map(Acceptance::n).orElse(0L) + 1, digest, clocks.now(), by.person());
    change(
        "insert into snapshot_acceptance (n, digest, accepted_at, accepted_by, how)"
            + " values (?, ?, ?, ?, ?)",
        acceptance.n(),
        digest,
        acceptance.at().atOffset(ZoneOffset.UTC),
        by.person(),
        how.code());
    change("delete from snapshot_proposal where digest = ?", digest);
    audit.record(
        Entry.of(Kind.SNAPSHOT_ACCEPTED, by)
            .with("digest", digest)
            .with("replaces", last.map(Acceptance::digest).orElse(null))
            .with("how", how.code())
            .with("changes", changes.stream().limit(50).map(SnapshotStore::words).toList())
            .with(proof));
    return acceptance;
  }

  private boolean wasAccepted(String digest) {
    return acceptances().stream().anyMatch(each -> each.digest().equals(digest));
  }

  private List<Change> changes(Optional<String> before, SnapshotFiles after) {
    SnapshotFiles old = before.flatMap(this::files).orElse(new SnapshotFiles(new TreeMap<>()));
    return Diff.between(old.texts(), after.texts());
  }

  private static String words(Change change) {
    return change.how().name().toLowerCase(Locale.ROOT) + " " + change.file();
  }

  private void save(String digest, SnapshotFiles files) {
    int made =
        change(
            "insert into snapshot (digest, first_seen_at) values (?, ?) on conflict do nothing",
            digest,
            now());
    if (made == 0) {
      return;
    }
    files
        .texts()
        .forEach(
            (name, text) ->
                change(
                    "insert into snapshot_file (digest, name, content) values (?, ?, ?)",
                    digest,
                    name,
                    text));
  }

  /**
   * Each save of an editor makes a snapshot; those that nobody proposes or accepted are dropped.
   */
  private void forgetUnused() {
    change(
        "delete from snapshot s"
            + " where not exists (select from snapshot_proposal p where p.digest = s.digest)"
            + " and not exists (select from snapshot_acceptance a where a.digest = s.digest)");
  }

  private OffsetDateTime now() {
    return clocks.now().atOffset(ZoneOffset.UTC);
  }

  private static Instant instant(ResultSet row, int column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  private <T> List<T> query(String sql, Reading<T> reading, Object... values) {
    try (Connection connection = store.getConnection();
        PreparedStatement query = bound(connection, sql, values);
        ResultSet rows = query.executeQuery()) {
      List<T> all = new ArrayList<>();
      while (rows.next()) {
        all.add(reading.read(rows));
      }
      return all;
    } catch (SQLException e) {
      throw new IllegalStateException("the store did not answer for the catalog", e);
    }
  }

  private int change(String sql, Object... values) {
    try (Connection connection = store.getConnection();
        PreparedStatement change = bound(connection, sql, values)) {
      return change.executeUpdate();
    } catch (SQLException e) {
      throw new IllegalStateException("the store did not take what the catalog wrote", e);
    }
  }

  private static PreparedStatement bound(Connection connection, String sql, Object... values)
      throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
    return statement;
  }
}

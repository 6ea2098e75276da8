package dev.curfew.audit;

import dev.curfew.Clocks;
import dev.curfew.Ids;
import dev.curfew.identity.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.transaction.Transactional;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.sql.DataSource;

/**
 * Writes entries in the caller's transaction: no move without its entry, no entry without a move.
 */
@ApplicationScoped
public class Audit {

  private static final String WRITE =
      """
      with entry as (
        insert into audit_entry
          (id, at, kind, actor, subject, target, entitlement, request_id, grant_id, outcome, body)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) returning id, at),
      personal as (
        insert into audit_field (entry_id, field, salt, value)
        select entry.id, f.field, f.salt, f.value
          from entry, unnest(?::text[], ?::bytea[], ?::text[]) as f(field, salt, value))
      insert into audit_outbox (entry_id, at) select id, at from entry
      """;

  private final DataSource store;
  private final EntryClock clock;
  private final Instance<Names> names;

  Audit(DataSource store, Clocks clocks, Instance<Names> names) {
    this.store = store;
    this.clock = new EntryClock(clocks);
    this.names = names;
  }

  /**
   * @throws jakarta.transaction.TransactionalException without a transaction of the caller
   */
  @Transactional(Transactional.TxType.MANDATORY)
  public void record(Entry entry) {
    List<Personal> personal = personal(entry);
    try (Connection connection = store.getConnection();
        PreparedStatement write = connection.prepareStatement(WRITE)) {
      bind(write, entry, clock.next(), body(entry, personal));
      write.setArray(12, texts(connection, personal.stream().map(Personal::field).toArray()));
      write.setArray(
          13,
          connection.createArrayOf(
              "bytea", personal.stream().map(Personal::salt).toArray(byte[][]::new)));
      write.setArray(14, texts(connection, personal.stream().map(Personal::value).toArray()));
      write.executeUpdate();
    } catch (SQLException e) {
      throw new IllegalStateException("the history could not be written", e);
    }
  }

  private static void bind(PreparedStatement write, Entry entry, Instant at, String body)
      throws SQLException {
    write.setString(1, Ids.next());
    write.setObject(2, at.atOffset(ZoneOffset.UTC));
    write.setString(3, entry.kind().code());
    write.setString(4, entry.caller().person());
    write.setString(5, entry.subject());
    write.setString(6, entry.target());
    write.setString(7, entry.entitlement());
    write.setString(8, entry.request());
    write.setString(9, entry.grant());
    write.setString(10, entry.outcome().name());
    write.setString(11, body);
  }

  private static Array texts(Connection connection, Object[] values) throws SQLException {
    return connection.createArrayOf("text", values);
  }

  private List<Personal> personal(Entry entry) {
    List<Personal> personal = new ArrayList<>();
    Caller caller = entry.caller();
    personal.add(Personal.of("actor_name", caller.name()));
    if (!caller.address().isEmpty()) {
      personal.add(Personal.of("from", caller.address()));
    }
    subjectName(entry).ifPresent(name -> personal.add(Personal.of("subject_name", name)));
    entry.personal().forEach((field, value) -> personal.add(Personal.of(field, value)));
    return personal;
  }

  private Optional<String> subjectName(Entry entry) {
    if (entry.subject() == null) {
      return Optional.empty();
    }
    if (entry.caller().is(entry.subject())) {
      return Optional.of(entry.caller().name());
    }
    return names.isResolvable() ? names.get().name(entry.subject()) : Optional.empty();
  }

  private static String body(Entry entry, List<Personal> personal) {
    Map<String, Object> body = new TreeMap<>(entry.body());
    body.put("via", entry.caller().session().kind().name().toLowerCase(Locale.ROOT));
    body.put("session", entry.caller().session().id());
    Map<String, String> hashes = new TreeMap<>();
    personal.forEach(value -> hashes.put(value.field(), value.hash()));
    body.put("personal", hashes);
    return Body.of(body);
  }
}

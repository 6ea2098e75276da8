package dev.curfew.audit;

import dev.curfew.Fault;
import dev.curfew.audit.Entry.Outcome;
import dev.curfew.identity.Caller;
import dev.curfew.identity.Session;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;

/**
 * Counts refusals per caller or address, kind, code and minute, in the store: so the count is one
 * for all nodes and outlives each of them.
 */
@ApplicationScoped
class Tally {

  static final int ENTRIES_A_MINUTE = 10;

  private static final String COUNT =
      """
      insert into audit_refusal
        (who, kind, code, minute, person, name, address, count, first_at, last_at)
      values (?, ?, ?, ?, ?, ?, ?, 1, ?, ?)
      on conflict (who, kind, code, minute) do update
        set count = audit_refusal.count + 1, last_at = excluded.last_at, address = excluded.address
      returning count
      """;
  private static final String TAKE =
      """
      delete from audit_refusal
       where (who, kind, code, minute) in
         (select who, kind, code, minute from audit_refusal
           where minute < ? limit 1000 for update skip locked)
      returning kind, code, person, name, address, count, first_at, last_at
      """;

  /** What was refused in a minute beyond the entries that were written. */
  record Counted(
      Kind kind, String code, Caller caller, long more, Instant firstAt, Instant lastAt) {

    Entry entry() {
      return Entry.of(kind, caller)
          .outcome(Outcome.REFUSED)
          .with("code", code)
          .with("count", more)
          .with("first_at", firstAt)
          .with("last_at", lastAt);
    }
  }

  private final DataSource store;

  Tally(DataSource store) {
    this.store = store;
  }

  /** How many such refusals there were in this minute, with this one. */
  @Transactional(Transactional.TxType.MANDATORY)
  long count(Entry refused, Fault fault, Instant now) {
    Caller caller = refused.caller();
    try (Connection connection = store.getConnection();
        PreparedStatement count = connection.prepareStatement(COUNT)) {
      count.setString(1, caller.isStranger() ? caller.address() : caller.person());
      count.setString(2, refused.kind().code());
      count.setString(3, fault.code());
      count.setObject(4, minute(now));
      count.setString(5, caller.person());
      count.setString(6, caller.name());
      count.setString(7, caller.address());
      count.setObject(8, now.atOffset(ZoneOffset.UTC));
      count.setObject(9, now.atOffset(ZoneOffset.UTC));
      try (ResultSet result = count.executeQuery()) {
        result.next();
        return result.getLong(1);
      }
    } catch (SQLException e) {
      throw new IllegalStateException("refusals could not be counted", e);
    }
  }

  /** Removes the minutes before this one and answers what they counted without an entry. */
  @Transactional(Transactional.TxType.MANDATORY)
  List<Counted> takeBefore(Instant now) {
    try (Connection connection = store.getConnection();
        PreparedStatement take = connection.prepareStatement(TAKE)) {
      take.setObject(1, minute(now));
      List<Counted> counted = new ArrayList<>();
      try (ResultSet row = take.executeQuery()) {
        while (row.next()) {
          Counted one = counted(row);
          if (one.more() > 0) {
            counted.add(one);
          }
        }
      }
      return counted;
    } catch (SQLException e) {
      throw new IllegalStateException("counted refusals could not be read", e);
    }
  }

  private static OffsetDateTime minute(Instant now) {
    return now.truncatedTo(ChronoUnit.MINUTES).atOffset(ZoneOffset.UTC);
  }

  private static Counted counted(ResultSet row) throws SQLException {
    boolean stranger = row.getString("person").equals(Caller.stranger("").person());
    Caller caller =
        stranger
            ? Caller.stranger(row.getString("address"))
            : new Caller(
                row.getString("person"),
                row.getString("name"),
                Set.of(),
                new Session(Session.Kind.NONE, ""),
                Set.of(),
                row.getString("address"));
    return new Counted(
        Kind.byCode(row.getString("kind")).orElseThrow(),
        row.getString("code"),
        caller,
        row.getLong("count") - ENTRIES_A_MINUTE,
        row.getObject("first_at", OffsetDateTime.class).toInstant(),
        row.getObject("last_at", OffsetDateTime.class).toInstant());
  }
}

package dev.curfew.faults;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.curfew.Ids;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Entries of a history that a test makes up, as the broker would have written them. */
final class Told {

  /** One entry. */
  record Line(
      String id,
      Instant at,
      String kind,
      String actor,
      String subject,
      String request,
      String grant,
      Map<String, ?> body) {}

  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<Line> lines = new ArrayList<>();

  Told line(
      Instant at,
      String kind,
      String actor,
      String subject,
      String request,
      String grant,
      Map<String, ?> body) {
    lines.add(new Line(Ids.next(), at, kind, actor, subject, request, grant, body));
    return this;
  }

  /** The whole way from the ask of {@code erin} to an opened grant, agreed to by {@code voter}. */
  Told opened(String request, String grant, Instant at, Instant claimBy, String voter) {
    line(
        at,
        "request-submitted",
        "erin",
        "erin",
        request,
        null,
        Map.of("stages", List.of("one approver of dba-oncall")));
    line(at, "vote-cast", voter, "erin", request, null, Map.of("choice", "approve"));
    line(at, "request-approved", voter, "erin", request, grant, Map.of());
    return line(
        at, "grant-opened", voter, "erin", request, grant, Map.of("claim_by", claimBy.toString()));
  }

  /** Provisioned and picked up, until {@code due}. */
  Told handedOut(String request, String grant, Instant at, Instant due) {
    line(at, "grant-provisioned", "curfew", "erin", request, grant, Map.of());
    line(
        at,
        "secret-issuing",
        "erin",
        "erin",
        request,
        grant,
        Map.of("due_at", due.toString(), "first", true));
    return line(at, "secret-shown", "erin", "erin", request, grant, Map.of());
  }

  Told over(String request, String grant, Instant at) {
    line(at, "grant-ending", "curfew", "erin", request, grant, Map.of("reason", "expired"));
    return line(at, "grant-ended", "curfew", "erin", request, grant, Map.of("verdict", "ABSENT"));
  }

  /** Writes them, each waiting for its number as the broker leaves them. */
  void write(Connection store) throws SQLException {
    store.setAutoCommit(false);
    try (PreparedStatement entry =
            store.prepareStatement(
                "insert into audit_entry (id, at, kind, actor, subject, request_id, grant_id,"
                    + " outcome, body) values (?, ?, ?, ?, ?, ?, ?, 'DONE', ?)");
        PreparedStatement waits =
            store.prepareStatement("insert into audit_outbox (entry_id, at) values (?, ?)")) {
      for (Line line : lines) {
        entry.setString(1, line.id());
        entry.setObject(2, line.at().atOffset(ZoneOffset.UTC));
        entry.setString(3, line.kind());
        entry.setString(4, line.actor());
        entry.setString(5, line.subject());
        entry.setString(6, line.request());
        entry.setString(7, line.grant());
        entry.setString(8, text(line.body()));
        entry.addBatch();
        waits.setString(1, line.id());
        waits.setObject(2, line.at().atOffset(ZoneOffset.UTC));
        waits.addBatch();
      }
      entry.executeBatch();
      waits.executeBatch();
    }
    store.commit();
    store.setAutoCommit(true);
    lines.clear();
  }

  private static String text(Map<String, ?> body) {
    try {
      return JSON.writeValueAsString(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}

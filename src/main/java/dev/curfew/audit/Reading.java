package dev.curfew.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A query over entries, built from a filter. The page, the API and the exports use this one. */
final class Reading {

  static final String COLUMNS =
      """
      e.id, e.at, e.kind, e.actor, e.subject, e.target, e.entitlement, e.request_id, e.grant_id,
      e.outcome, e.body,
      (select json_object_agg(f.field, json_build_object(
                'salt', encode(f.salt, 'hex'), 'value', f.value) order by f.field)
         from audit_field f where f.entry_id = e.id)::text as personal
      """;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NAMED =
      """
      (e.actor = ? or e.subject = ? or e.id in (select entry_id from audit_field
         where field in ('actor_name', 'subject_name') and value = ?))
      """;

  private final StringBuilder sql = new StringBuilder();
  private final List<Object> values = new ArrayList<>();

  private Reading() {}

  static Reading numbered(Filter filter) {
    Reading reading = new Reading();
    reading
        .sql
        .append("select i.n, ")
        .append(COLUMNS)
        .append("from audit_index i join audit_entry e on e.id = i.entry_id where true");
    reading.person(filter.person());
    reading.equal("e.target", filter.target());
    reading.equal("e.entitlement", filter.entitlement());
    reading.equal("e.request_id", filter.request());
    reading.equal("e.grant_id", filter.grant());
    reading.equal("e.kind", filter.kind());
    reading.equal("e.outcome", filter.outcome() == null ? null : filter.outcome().name());
    reading.when("e.at >= ?", filter.from());
    reading.when("e.at < ?", filter.until());
    return reading;
  }

  Reading and(String condition, Object value) {
    sql.append(" and ").append(condition);
    values.add(value);
    return this;
  }

  Reading then(String rest) {
    sql.append(' ').append(rest);
    return this;
  }

  PreparedStatement on(Connection connection) throws SQLException {
    PreparedStatement query =
        connection.prepareStatement(
            sql.toString(), ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY);
    for (int i = 0; i < values.size(); i++) {
      query.setObject(i + 1, values.get(i));
    }
    return query;
  }

  static List<Moment> all(PreparedStatement query) throws SQLException {
    List<Moment> moments = new ArrayList<>();
    try (ResultSet row = query.executeQuery()) {
      while (row.next()) {
        moments.add(moment(row));
      }
    }
    return moments;
  }

  static Moment moment(ResultSet row) throws SQLException {
    String body = row.getString("body");
    return new Moment(
        row.getObject("n", Long.class),
        row.getString("id"),
        row.getObject("at", OffsetDateTime.class).toInstant(),
        row.getString("kind"),
        row.getString("actor"),
        row.getString("subject"),
        row.getString("target"),
        row.getString("entitlement"),
        row.getString("request_id"),
        row.getString("grant_id"),
        Entry.Outcome.valueOf(row.getString("outcome")),
        body,
        json(body),
        personal(row.getString("personal")));
  }

  private static Map<String, Moment.Salted> personal(String json) {
    Map<String, Moment.Salted> personal = new HashMap<>();
    if (json != null) {
      json(json)
          .properties()
          .forEach(
              field ->
                  personal.put(
                      field.getKey(),
                      new Moment.Salted(
                          field.getValue().get("salt").textValue(),
                          field.getValue().get("value").textValue())));
    }
    return personal;
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an entry's body is no JSON", e);
    }
  }

  private void person(String person) {
    if (person != null) {
      sql.append(" and ").append(NAMED);
      values.addAll(List.of(person, person, person));
    }
  }

  private void equal(String column, String value) {
    if (value != null) {
      and(column + " = ?", value);
    }
  }

  private void when(String condition, Instant time) {
    if (time != null) {
      and(condition, time.atOffset(ZoneOffset.UTC));
    }
  }
}

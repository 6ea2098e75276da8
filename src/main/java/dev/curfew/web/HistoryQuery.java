package dev.curfew.web;

import dev.curfew.CurfewException;
import dev.curfew.audit.Filter;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.OptionalLong;
import org.jboss.resteasy.reactive.RestQuery;

/**
 * The filter of the history as a page's and a call's address carry it: a bean parameter of both, so
 * that a link means the same in each.
 */
public class HistoryQuery {

  /** Who acted or to whom it was done: an id, or an exact name. */
  @RestQuery public String person;

  @RestQuery public String target;
  @RestQuery public String entitlement;
  @RestQuery public String request;
  @RestQuery public String grant;

  /** The code of a kind, for example {@code grant-ended}. */
  @RestQuery public String kind;

  /** done, refused or failed. */
  @RestQuery public String outcome;

  /** The first moment that counts: a time such as 2026-11-22T10:00:00Z, or a day. */
  @RestQuery public String from;

  /** The first moment that no longer counts; a day means its end. */
  @RestQuery public String until;

  public Filter filter() {
    return new Filter(
        person,
        target,
        entitlement,
        request,
        grant,
        kind,
        isBlank(outcome) ? null : Filter.outcome(outcome),
        time("from", from, 0),
        time("until", until, 1));
  }

  /** A number that the caller got from us earlier. */
  public static OptionalLong number(String field, String text) {
    if (isBlank(text)) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseLong(text));
    } catch (NumberFormatException e) {
      throw CurfewException.invalid(field, "take this number from the answer before");
    }
  }

  private static Instant time(String field, String text, int daysAfter) {
    if (isBlank(text)) {
      return null;
    }
    try {
      if (text.length() == "2026-11-22".length()) {
        return LocalDate.parse(text).plusDays(daysAfter).atStartOfDay(ZoneOffset.UTC).toInstant();
      }
      return text.endsWith("Z") || text.matches(".*[+-]\\d\\d:\\d\\d")
          ? OffsetDateTime.parse(text).toInstant()
          : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
    } catch (DateTimeParseException e) {
      throw CurfewException.invalid(field, "write a time as 2026-11-22T10:00:00Z, or a day");
    }
  }

  private static boolean isBlank(String text) {
    return text == null || text.isBlank();
  }
}

package dev.curfew.request;

import dev.curfew.CurfewException;
import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a person asks for. The text is kept in Unicode's NFC; {@link #check} holds the limits, and
 * is called inside the flow, so that a refusal leaves its entry.
 *
 * @param windowMinutes how long the access lasts from the first pick-up, in minutes
 * @param ticket a reference into the asker's own tracker; empty when there is none
 */
public record Submit(String entitlement, int windowMinutes, String reason, String ticket) {

  /** The longest reason, in code points. */
  public static final int REASON_LIMIT = 2_000;

  /** The longest ticket reference, in code points. */
  public static final int TICKET_LIMIT = 200;

  public Submit {
    entitlement = entitlement == null ? "" : entitlement.strip();
    reason = Texts.tidy(reason);
    ticket = Texts.tidy(ticket);
  }

  /** The window as the rest of the product counts it. */
  public Duration window() {
    return Duration.ofMinutes(windowMinutes);
  }

  /** The fields a proof of this ask is bound to; those left empty are absent. */
  public SortedMap<String, String> fields() {
    SortedMap<String, String> fields = new TreeMap<>();
    fields.put("entitlement", entitlement);
    fields.put("window", String.valueOf(windowMinutes));
    Texts.putUnlessBlank(fields, "reason", reason);
    Texts.putUnlessBlank(fields, "ticket", ticket);
    return fields;
  }

  /**
   * @throws CurfewException INVALID with the field and the mend
   */
  void check() {
    checkEntitlement();
    if (windowMinutes < 1) {
      throw CurfewException.invalid("window", "give the window in whole minutes, at least 1");
    }
    if (reason.isEmpty()) {
      throw CurfewException.invalid(
          "reason", "say why in a sentence: the approver reads it, and so does the history");
    }
    Texts.check("reason", reason, REASON_LIMIT);
    Texts.check("ticket", ticket, TICKET_LIMIT);
  }

  /**
   * @throws CurfewException INVALID when none is named
   */
  void checkEntitlement() {
    if (entitlement.isEmpty()) {
      throw CurfewException.invalid(
          "entitlement", "name what you ask for, as the catalog does: target/entitlement");
    }
  }

  /**
   * @throws CurfewException INVALID when the window is longer than the entitlement allows
   */
  void checkWindow(Duration longest) {
    if (window().compareTo(longest) > 0) {
      throw CurfewException.invalid(
          "window",
          "the longest window of " + entitlement + " is " + longest.toMinutes() + " minutes");
    }
  }
}

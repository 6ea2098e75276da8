package dev.curfew.request;

import dev.curfew.CurfewException;
import dev.curfew.approval.Choice;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an approver says to a request.
 *
 * @param reason required to deny; may be empty to approve
 * @param shown {@link RequestView#shown} as the voter saw it: what changed since is not voted on
 */
public record Vote(String request, Choice choice, String reason, String shown) {

  public Vote {
    request = request == null ? "" : request;
    reason = Texts.tidy(reason);
    shown = shown == null ? "" : shown.strip();
  }

  /** The fields a proof of this vote is bound to; an empty reason is absent. */
  public SortedMap<String, String> fields() {
    SortedMap<String, String> fields = new TreeMap<>();
    fields.put("request", request);
    if (choice != null) {
      fields.put("choice", choice.name());
    }
    Texts.putUnlessBlank(fields, "reason", reason);
    Texts.putUnlessBlank(fields, "shown", shown);
    return fields;
  }

  /**
   * @throws CurfewException INVALID with the field and the mend
   */
  void check() {
    if (choice == null) {
      throw CurfewException.invalid("choice", "say APPROVE or DENY");
    }
    if (choice == Choice.DENY && reason.isEmpty()) {
      throw CurfewException.invalid("reason", "say why: the requester reads it");
    }
    Texts.check("reason", reason, Submit.REASON_LIMIT);
    if (shown.isEmpty()) {
      throw CurfewException.invalid(
          "shown", "hand back the request's field shown: it says what you voted on");
    }
  }
}

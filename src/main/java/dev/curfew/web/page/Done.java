package dev.curfew.web.page;

import dev.curfew.Fault;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.Map;

/**
 * What a page says after an act: the act redirects to a page with {@code ?done=word}, and only the
 * words known here are said.
 */
final class Done {

  private static final Map<String, Notice> WORDS =
      Map.ofEntries(
          Map.entry(
              "asked",
              Notice.good(
                  "You asked.",
                  "Approvers see it now. This page changes by itself when it is decided.")),
          Map.entry(
              "existing",
              new Notice(
                  "info",
                  "You had asked for this already.",
                  "This is the request that is open or live; no second one was made.")),
          Map.entry("approve", Notice.good("Your approval is recorded.", "")),
          Map.entry("deny", Notice.good("Your denial is recorded.", "")),
          Map.entry("cancelled", Notice.good("You took the request back.", "")),
          Map.entry(
              "given-back",
              Notice.good("Given back.", "Curfew is removing it and looks afterwards.")),
          Map.entry(
              "revoked", Notice.good("Revoked.", "Curfew is removing it and looks afterwards.")),
          Map.entry("attested", Notice.good("Your word is recorded.", "")),
          Map.entry("accepted", Notice.good("Accepted.", "Every node decides by it from now on.")),
          Map.entry(
              "released",
              Notice.good("Your word is recorded.", "Curfew takes it away at its next look.")),
          Map.entry(
              "server",
              Notice.good("Your word is recorded.", "The target is this server from now on.")),
          Map.entry(
              "clock",
              Notice.good(
                  "Your word is recorded.",
                  "The store's clock is the time that counts from now on.")),
          Map.entry(
              "decided",
              Notice.good("Your word is recorded.", "What is to go is being taken away.")),
          Map.entry(
              "quarantine-ended",
              Notice.good("The quarantine is over.", "Curfew gives access again.")),
          Map.entry("checked", Notice.good("Checked just now.", "")));

  private Done() {}

  /** Null when there is nothing to say. */
  static Notice notice(String word) {
    return word == null ? null : WORDS.get(word);
  }

  /** Post, redirect, get. */
  static Response to(String path, String word) {
    return Response.seeOther(URI.create(path + "?done=" + word)).build();
  }

  /** Whether a form should be shown again with this refusal; all others get a page of their own. */
  static boolean belongsOnTheForm(Fault fault) {
    return switch (fault) {
      case SIGN_IN_REQUIRED,
          SIGN_IN_REFUSED,
          SECOND_FACTOR_REQUIRED,
          CROSS_SITE,
          NOT_FOUND,
          ADDRESS_TOO_LONG,
          BODY_TOO_LARGE,
          BODY_TOO_DEEP,
          UNKNOWN_FIELD,
          STORE_UNAVAILABLE,
          REVOKE_ONLY ->
          false;
      case INVALID,
          PROOF_REQUIRED,
          PROOF_REFUSED,
          CODE_USED,
          THROTTLED,
          NOT_ALLOWED,
          DENIED_BY_RULE,
          WRONG_STATE,
          ALREADY_DECIDED,
          PICKUP_IN_PROGRESS,
          IDEMPOTENCY_MISMATCH,
          NOT_REPEATABLE,
          LIMIT_REACHED,
          CHANGED_MEANWHILE,
          TARGET_CLOSED,
          TARGET_UNAVAILABLE ->
          true;
    };
  }

  /** The form again, with the status of its refusal. */
  static Response again(dev.curfew.CurfewException refusal, Object page) {
    Response.ResponseBuilder answer =
        Response.status(dev.curfew.web.Status.of(refusal.fault())).entity(page);
    refusal.retryAfter().ifPresent(wait -> answer.header("Retry-After", Away.seconds(wait)));
    return answer.build();
  }
}

package dev.curfew.web;

import dev.curfew.Fault;

/** Which HTTP status a fault gets. This is the only place that knows. */
public final class Status {

  private Status() {}

  public static int of(Fault fault) {
    return switch (fault) {
      case INVALID, UNKNOWN_FIELD, BODY_TOO_DEEP -> 400;
      case BODY_TOO_LARGE -> 413;
      case ADDRESS_TOO_LONG -> 414;
      case SIGN_IN_REQUIRED, SIGN_IN_REFUSED, SECOND_FACTOR_REQUIRED, PROOF_REQUIRED -> 401;
      case PROOF_REFUSED, CROSS_SITE, NOT_ALLOWED, DENIED_BY_RULE -> 403;
      case NOT_FOUND -> 404;
      case CODE_USED,
          WRONG_STATE,
          ALREADY_DECIDED,
          PICKUP_IN_PROGRESS,
          IDEMPOTENCY_MISMATCH,
          NOT_REPEATABLE,
          CHANGED_MEANWHILE,
          TARGET_CLOSED ->
          409;
      case THROTTLED, LIMIT_REACHED -> 429;
      case TARGET_UNAVAILABLE, STORE_UNAVAILABLE, REVOKE_ONLY -> 503;
    };
  }
}

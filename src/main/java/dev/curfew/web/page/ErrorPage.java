package dev.curfew.web.page;

import dev.curfew.Fault;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;

/** The page for what cannot be shown: what happened, and the way on. */
public final class ErrorPage {

  @CheckedTemplate(basePath = "", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
  static class Templates {
    static native TemplateInstance error(
        int status,
        String title,
        String message,
        String mend,
        String href,
        String label,
        String code);
  }

  private ErrorPage() {}

  public static TemplateInstance of(int status, Fault fault, String message) {
    boolean signIn = fault == Fault.SIGN_IN_REQUIRED || fault == Fault.SECOND_FACTOR_REQUIRED;
    return Templates.error(
        status,
        title(fault),
        Wording.sentence(message),
        mend(fault),
        signIn ? "/sign-in" : "/",
        signIn ? "Sign in" : "Go home",
        fault.code());
  }

  /** For what went wrong on our side: nothing of it is shown but a word to find it in the log. */
  public static TemplateInstance broken(String reference) {
    return Templates.error(
        500,
        "Something broke",
        "This is our fault, not yours. What you did may or may not have happened: look before you"
            + " try again.",
        "If it keeps happening, give the code below to an administrator; the log has the rest.",
        "/",
        "Go home",
        reference);
  }

  static String title(Fault fault) {
    return switch (fault) {
      case INVALID, UNKNOWN_FIELD -> "That does not fit";
      case ADDRESS_TOO_LONG, BODY_TOO_LARGE, BODY_TOO_DEEP -> "That is too much at once";
      case SIGN_IN_REQUIRED -> "Please sign in";
      case SIGN_IN_REFUSED -> "That did not sign you in";
      case SECOND_FACTOR_REQUIRED -> "One step is missing";
      case PROOF_REQUIRED -> "Please prove it is you";
      case PROOF_REFUSED -> "The proof did not fit";
      case CODE_USED -> "That code was used already";
      case CROSS_SITE -> "This form was not taken";
      case THROTTLED -> "Too many tries";
      case NOT_FOUND -> "There is nothing here for you";
      case NOT_ALLOWED -> "You may not do this";
      case DENIED_BY_RULE -> "A rule says no";
      case WRONG_STATE -> "Too late for that";
      case ALREADY_DECIDED -> "Already decided";
      case PICKUP_IN_PROGRESS -> "One moment";
      case IDEMPOTENCY_MISMATCH, NOT_REPEATABLE -> "This cannot be repeated";
      case LIMIT_REACHED -> "A limit is reached";
      case CHANGED_MEANWHILE -> "It changed meanwhile";
      case TARGET_CLOSED -> "The target is closed for now";
      case TARGET_UNAVAILABLE -> "The target did not answer";
      case STORE_UNAVAILABLE -> "Curfew's store does not answer";
      case REVOKE_ONLY -> "Curfew only revokes right now";
    };
  }

  private static String mend(Fault fault) {
    return switch (fault) {
      case NOT_FOUND ->
          "The address may be wrong, the thing may be gone, or it is not yours to see. All three"
              + " look the same on purpose.";
      case SECOND_FACTOR_REQUIRED -> "Sign in and show or enrol your second factor.";
      case STORE_UNAVAILABLE ->
          "Nothing is handed out meanwhile. What is due to end does so as soon as the store is back.";
      case REVOKE_ONLY -> "Giving back and revoking work as always.";
      case INVALID,
          UNKNOWN_FIELD,
          ADDRESS_TOO_LONG,
          BODY_TOO_LARGE,
          BODY_TOO_DEEP,
          CROSS_SITE,
          SIGN_IN_REQUIRED,
          SIGN_IN_REFUSED,
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
          "";
    };
  }
}

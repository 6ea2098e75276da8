package dev.curfew.web.page;

import dev.curfew.approval.Choice;
import dev.curfew.request.Forecast;
import dev.curfew.request.RequestState;
import dev.curfew.request.RequestView;
import dev.curfew.request.StageView;
import dev.curfew.request.VoteView;
import io.quarkus.qute.TemplateExtension;
import java.util.ArrayList;
import java.util.List;

/** A request, its votes and what would come of an ask, in plain words. */
@TemplateExtension
public final class RequestWords {

  private RequestWords() {}

  public static String word(RequestView request) {
    return switch (request.state()) {
      case PENDING -> "waits for approval";
      case APPROVED -> "approved";
      case DENIED -> "denied";
      case CANCELLED -> "cancelled";
      case LAPSED -> "lapsed";
    };
  }

  public static String tone(RequestView request) {
    return switch (request.state()) {
      case PENDING -> "wait";
      case APPROVED -> "good";
      case DENIED -> "bad";
      case CANCELLED, LAPSED -> "over";
    };
  }

  /** Only what asks for attention colours its whole card. */
  public static String cardTone(RequestView request) {
    return request.isPending() ? "wait" : "";
  }

  public static String headline(RequestView request) {
    return switch (request.state()) {
      case PENDING -> "Waiting for approval";
      case APPROVED -> "Approved";
      case DENIED -> "Denied";
      case CANCELLED -> "Cancelled";
      case LAPSED -> "Lapsed";
    };
  }

  /** Whether a new ask for the same is the way on. */
  public static boolean mayAskAgain(RequestView request) {
    return request.state() != RequestState.PENDING && request.state() != RequestState.APPROVED;
  }

  /** Changes whenever its page would look different. */
  public static String seen(RequestView request) {
    return request.state() + "." + request.votes().size() + "." + request.mayVote();
  }

  public static String word(VoteView vote) {
    return vote.choice() == Choice.APPROVE ? "approves" : "denies";
  }

  public static String tone(VoteView vote) {
    if (vote.voided() != null) {
      return "over";
    }
    return vote.choice() == Choice.APPROVE ? "good" : "bad";
  }

  /** What would happen, in one sentence. */
  public static String headline(Forecast forecast) {
    return switch (forecast.answer()) {
      case ALLOW -> "Nobody needs to approve it.";
      case ASK -> "Needs " + forecast.words() + ".";
      case DENY -> "A rule says no.";
    };
  }

  /** What would happen, step by step. */
  public static List<String> course(Forecast forecast) {
    List<String> steps = new ArrayList<>();
    steps.add(
        forecast.askWithin().isZero()
            ? "You prove that it is you, for this ask."
            : "You prove that it is you, unless you did in the last "
                + Wording.words(forecast.askWithin())
                + ".");
    if (forecast.answer() == Forecast.Answer.ASK) {
      steps.add(
          "It waits for "
              + forecast.stages().stream()
                  .map(StageView::group)
                  .distinct()
                  .reduce((a, b) -> a + " and " + b)
                  .orElse("approval")
              + ", at most "
              + Wording.words(forecast.lapseAfter())
              + ".");
    }
    steps.add(
        "You pick it up within "
            + Wording.words(forecast.claimBy())
            + (forecast.pickUpByPasskey() ? ", with a passkey." : ", with a passkey or a code."));
    steps.add("It ends by itself; sessions are cut and the login is removed.");
    return steps;
  }

  /** A rule's part, read beside its mark: a rule that refuses is no obstacle while it passes. */
  public static String does(Forecast.Rule rule) {
    return does(rule.effect(), rule.passes());
  }

  public static String does(Decided.Rule rule) {
    return does(rule.effect(), rule.passes());
  }

  private static String does(String effect, boolean passes) {
    if (!effect.equals("deny")) {
      return effect;
    }
    return passes ? "could refuse" : "refuses";
  }
}

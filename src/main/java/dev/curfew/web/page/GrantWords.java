package dev.curfew.web.page;

import dev.curfew.grant.EndReason;
import dev.curfew.grant.GrantState;
import dev.curfew.grant.GrantView;
import io.quarkus.qute.TemplateExtension;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A grant in plain words: what is so now, and what the reader has to do, if anything. */
@TemplateExtension
public final class GrantWords {

  /** One step of an end; {@code at} is null while it is not done. */
  public record Done(String text, Instant at, String tone) {}

  private GrantWords() {}

  /** Two or three words for a badge. */
  public static String word(GrantView grant) {
    if (grant.mayStillBeLive()) {
      return "may still be live";
    }
    return switch (grant.state()) {
      case PLANNED, PROVISIONING -> grant.problem() == null ? "being made" : "waits for the target";
      case ACTIVE -> grant.pickedUpAt() == null ? "ready to pick up" : "active";
      case REVOKING -> "ending";
      case STUCK -> "left over";
      case ENDED -> isAttestedOnly(grant) ? "ended, attested" : "ended";
      case CANCELLED -> "never started";
    };
  }

  public static String tone(GrantView grant) {
    if (grant.mayStillBeLive()) {
      return "bad";
    }
    return switch (grant.state()) {
      case PLANNED, PROVISIONING -> grant.problem() == null ? "busy" : "wait";
      case ACTIVE -> grant.pickedUpAt() == null ? "wait" : "good";
      case REVOKING -> "busy";
      case STUCK -> "wait";
      case ENDED, CANCELLED -> "over";
    };
  }

  /** Only what asks for attention colours its whole card. */
  public static String cardTone(GrantView grant) {
    return grant.mayStillBeLive()
            || grant.state() == GrantState.STUCK
            || isWaitingForPickUp(grant)
            || isRunning(grant)
        ? tone(grant)
        : "";
  }

  public static String headline(GrantView grant) {
    if (grant.mayStillBeLive()) {
      return "Access may still be live";
    }
    return switch (grant.state()) {
      case PLANNED, PROVISIONING ->
          grant.problem() == null ? "Being made" : "Approved, waiting for " + grant.target();
      case ACTIVE -> grant.pickedUpAt() == null ? "Ready to be picked up" : "Active";
      case REVOKING -> grant.aliveAgain() ? "Found alive again, ending now" : "Ending now";
      case STUCK -> "Closed, but something is left over";
      case ENDED -> isAttestedOnly(grant) ? "Over, attested by hand" : "Over, and proven gone";
      case CANCELLED -> "Ended before it began";
    };
  }

  public static String explanation(GrantView grant) {
    String target = grant.target();
    if (grant.overstays()) {
      return "It is past its end and nobody takes it away yet: since Curfew started, or since its"
          + " store went back, "
          + target
          + " could not be asked how far it knew Curfew; or no node gets to it. Until this is over "
          + target
          + " takes no new grants. Giving it back or revoking it does not wait for that.";
    }
    return switch (grant.state()) {
      case PLANNED, PROVISIONING ->
          grant.problem() == null
              ? "Curfew is making the login at " + target + ". It takes a second or two."
              : "Nothing was handed out and nothing is lost. Curfew goes on trying; there is"
                  + " nothing for you to do.";
      case ACTIVE ->
          grant.pickedUpAt() == null
              ? "The login stands at " + target + ", without a password. Nobody can use it yet."
              : "When the time is over, sessions are cut and the login is removed. Nothing needs to"
                  + " be done for that.";
      case REVOKING -> ending(grant);
      case STUCK ->
          grant.stuckLive()
              ? "Its end is decided, but "
                  + target
                  + " has not confirmed it. Curfew tries until it is proven gone; until then "
                  + target
                  + " takes no new grants."
              : "Nobody can be inside any more. What remains at "
                  + target
                  + " is to be removed; Curfew goes on trying.";
      case ENDED -> ended(grant);
      case CANCELLED ->
          "Nothing was made at " + target + " and nothing was handed out, so nothing has to go.";
    };
  }

  private static String ended(GrantView grant) {
    if (isAttestedOnly(grant)) {
      return "A person says that it is gone; no look at "
          + grant.target()
          + " proved it. If our mark is still seen there, it is opened again.";
    }
    String proven =
        grant.target() + " was asked after the end: neither the login nor a session of it exists.";
    return grant.endReason() == EndReason.ATTESTED
        ? "It was attested by hand; when the target answered again it was still there, and was"
            + " taken away. "
            + proven
        : proven;
  }

  /** On somebody's word alone: nothing read from the target says so. */
  private static boolean isAttestedOnly(GrantView grant) {
    return grant.endReason() == EndReason.ATTESTED && grant.proof().isEmpty();
  }

  private static String ending(GrantView grant) {
    if (grant.deadAt() != null) {
      return "No session is left. Curfew clears up and looks once more.";
    }
    if (grant.blockedAt() != null) {
      return "Nobody can log in by it any more. Open sessions are being cut.";
    }
    return "Curfew is telling " + grant.target() + ".";
  }

  /** How far a revocation is, in words for the list of what is stuck. */
  public static String stepWords(GrantView grant) {
    if (grant.overstays()) {
      return "not begun";
    }
    if (grant.deadAt() != null) {
      return "blocked, no session left";
    }
    if (grant.blockedAt() != null) {
      return "blocked; sessions not ruled out";
    }
    return "nothing confirmed yet";
  }

  public static List<Done> steps(GrantView grant) {
    List<Done> steps = new ArrayList<>();
    if (grant.state() == GrantState.CANCELLED) {
      steps.add(new Done("Its end was decided before anything was made", grant.endingAt(), ""));
      return steps;
    }
    String why = grant.endReason() == null ? "" : ": " + grant.endReason().words();
    steps.add(done("Its end was decided" + why, grant.endingAt()));
    steps.add(done("Its login refused", grant.blockedAt()));
    steps.add(done("Its sessions cut", grant.deadAt()));
    if (isAttestedOnly(grant)) {
      steps.add(new Done("Attested by hand", grant.endedAt(), "wait"));
    } else {
      steps.add(done("Looked for again, and proven gone", grant.verifiedAt()));
    }
    return steps;
  }

  private static Done done(String text, Instant at) {
    return new Done(text, at, at == null ? "" : "good");
  }

  /** Picked up, and its window runs. */
  public static boolean isRunning(GrantView grant) {
    return grant.state() == GrantState.ACTIVE
        && grant.pickedUpAt() != null
        && grant.dueAt() != null
        && !grant.overstays();
  }

  public static boolean isWaitingForPickUp(GrantView grant) {
    return grant.state() == GrantState.ACTIVE && grant.pickedUpAt() == null;
  }

  public static long secondsLeft(GrantView grant, Instant now) {
    return Math.max(0, Duration.between(now, grant.dueAt()).toSeconds());
  }

  /** How often its page looks for news; empty when there will be none. */
  public static String every(GrantView grant) {
    return switch (grant.state()) {
      case PLANNED, PROVISIONING, REVOKING -> "every 1s";
      case ACTIVE, STUCK -> "every 10s";
      case ENDED, CANCELLED -> "";
    };
  }

  /** Changes whenever its page would look different. */
  public static String seen(GrantView grant) {
    return grant.state()
        + "."
        + (grant.pickedUpAt() == null ? 0 : 1)
        + "."
        + (grant.blockedAt() == null ? 0 : 1)
        + "."
        + (grant.deadAt() == null ? 0 : 1)
        + "."
        + grant.attempts()
        + (grant.overstays() ? ".overstays" : "");
  }
}

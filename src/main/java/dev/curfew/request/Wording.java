package dev.curfew.request;

import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.account.People;
import dev.curfew.account.Person;
import dev.curfew.identity.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** How a request's fate is told to people. */
@ApplicationScoped
class Wording {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final People people;

  Wording(People people) {
    this.people = people;
  }

  String name(String person) {
    if (Caller.BROKER.is(person)) {
      return Caller.BROKER.name();
    }
    return people.person(person).map(Person::name).orElse(person);
  }

  /** One sentence; null while the request is pending. */
  String outcome(AccessRequest request, String denial) {
    return switch (request.state) {
      case PENDING -> null;
      case APPROVED -> "approved by " + decider(request);
      case DENIED -> "denied by " + decider(request) + (denial == null ? "" : ": " + denial);
      case CANCELLED ->
          "cancelled by "
              + decider(request)
              + (request.decidedWhy == null ? "" : ": " + request.decidedWhy);
      case LAPSED -> "lapsed: nobody decided in time";
    };
  }

  /** What a second click reads. */
  CurfewException alreadyDecided(AccessRequest request) {
    String text =
        switch (request.state) {
          case PENDING, LAPSED ->
              "this request lapsed at " + time(lapsedAt(request)) + "; ask again";
          case APPROVED -> decided(request, "approved");
          case DENIED -> decided(request, "denied");
          case CANCELLED ->
              "this request was cancelled by "
                  + decider(request)
                  + " at "
                  + time(request.decidedAt);
        };
    return new CurfewException(Fault.ALREADY_DECIDED, text);
  }

  private String decided(AccessRequest request, String how) {
    return "already decided by " + decider(request) + " at " + time(request.decidedAt) + ": " + how;
  }

  private String decider(AccessRequest request) {
    boolean byRule = request.decision == AccessRequest.Ruling.ALLOW && request.stages.isEmpty();
    return byRule && request.state == RequestState.APPROVED ? "the rules" : name(request.decidedBy);
  }

  private static Instant lapsedAt(AccessRequest request) {
    return request.decidedAt == null ? request.lapseAt : request.decidedAt;
  }

  private static String time(Instant at) {
    return TIME.format(at);
  }
}

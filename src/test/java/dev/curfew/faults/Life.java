package dev.curfew.faults;

import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/** What the history says of one grant. */
final class Life {

  final String grant;
  String request;
  Instant opened;
  Instant claimBy;

  /** The end of the window, set by the first pick-up. */
  Instant due;

  Instant ending;

  /** In the history's words. */
  String why;

  Instant ended;
  Instant cancelled;
  Instant attested;
  int provisioned;
  int issuing;
  int shown;
  int ends;
  int foundAlive;
  boolean drifted;

  Life(String grant) {
    this.grant = grant;
  }

  /** When nobody should be inside any more, as far as the history knows; null before it opened. */
  Instant over() {
    Instant byTime = due != null ? due : claimBy;
    if (ending == null || foundAlive > 0) {
      return foundAlive > 0 ? ending : byTime;
    }
    return byTime == null || ending.isBefore(byTime) ? ending : byTime;
  }

  /** Past this the target itself must refuse logins. */
  Instant nativeEnd() {
    return due != null ? due : claimBy;
  }

  boolean isOver() {
    return cancelled != null || attested != null || (ended != null && ends > foundAlive);
  }

  /** What the history says of one request. */
  static final class Asked {
    final String request;
    String person;
    int needed;
    Instant approved;
    final Set<String> voters = new HashSet<>();

    Asked(String request) {
      this.request = request;
    }
  }
}

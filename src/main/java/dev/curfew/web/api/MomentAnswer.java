package dev.curfew.web.api;

import dev.curfew.audit.Entry;
import dev.curfew.audit.Moment;
import java.time.Instant;

/**
 * One thing that happened, for people.
 *
 * @param n its number in the history; null for the first moments of its life
 */
public record MomentAnswer(
    String id,
    Long n,
    Instant at,
    String kind,
    String words,
    String actor,
    String actorName,
    Entry.Outcome outcome,
    String proof) {

  static MomentAnswer of(Moment moment) {
    return new MomentAnswer(
        moment.id(),
        moment.n(),
        moment.at(),
        moment.kind(),
        moment.words(),
        moment.actor(),
        moment.actorName(),
        moment.outcome(),
        moment.proof().orElse(null));
  }
}

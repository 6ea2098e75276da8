package dev.curfew.web.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import dev.curfew.audit.Moment;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * One entry of the history.
 *
 * @param n its number; in a timeline missing until it has one
 * @param kind for example {@code grant-ended}
 * @param outcome done, refused or failed
 * @param words what happened, in a sentence
 * @param from where the call came from
 * @param proof the proof of MFA, in words
 * @param body what is specific to the kind
 * @param personal the personal values of the body with their salts; erased ones are missing
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HistoryEntry(
    Long n,
    String id,
    Instant at,
    String kind,
    String outcome,
    String words,
    String actor,
    String actorName,
    String subject,
    String subjectName,
    String target,
    String entitlement,
    String request,
    String grant,
    String from,
    String proof,
    @Schema(implementation = Object.class) JsonNode body,
    Map<String, Moment.Salted> personal) {

  public static HistoryEntry of(Moment moment) {
    return new HistoryEntry(
        moment.n(),
        moment.id(),
        moment.at(),
        moment.kind(),
        moment.outcome().name().toLowerCase(Locale.ROOT),
        moment.words(),
        moment.actor(),
        moment.actorName(),
        moment.subject(),
        moment.subjectName(),
        moment.target(),
        moment.entitlement(),
        moment.request(),
        moment.grant(),
        moment.from().orElse(null),
        moment.proof().orElse(null),
        moment.fields(),
        moment.salted());
  }
}

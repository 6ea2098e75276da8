package dev.curfew.audit;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What an entry is about: how it reads, and the fields its body may have. What is not named here
 * cannot be written, so no secret can slip into the history by being near it.
 *
 * <p>In a sentence {@code {actor}}, {@code {subject}}, {@code {target}}, {@code {entitlement}} and
 * the kind's own fields stand in braces; a part in square brackets is left out when one of its
 * fields is missing. Names of fields say their unit: {@code …_seconds} is shown as a duration,
 * {@code …_at}, {@code …_by} and {@code until} hold a time, {@code …_hash} is never shown in a
 * sentence.
 */
public enum Kind {
  // requests and votes
  REQUEST_SUBMITTED(
      says("{actor} asked for {entitlement} for {window_seconds}[, ticket {ticket}][; {decision}]"),
      "window_seconds",
      "reason_hash",
      "ticket",
      "decision",
      "stages",
      "trace_hash",
      "snapshot",
      "effects_hash",
      "lapse_at",
      "proof",
      "proof_id"),
  VOTE_CAST(
      says("{actor} voted to {choice}[ for {group}][; {standing}]"),
      "choice",
      "stage",
      "group",
      "standing",
      "reason_hash",
      "shown_hash",
      "proof",
      "proof_id"),
  REQUEST_APPROVED(
      says("The request for {entitlement} was approved[: {why}]"), "why", "votes", "trace_hash"),
  REQUEST_DENIED(
      says("The request for {entitlement} was denied[: {why}]"), "why", "votes", "trace_hash"),
  REQUEST_CANCELLED(says("{actor} cancelled the request for {entitlement}[: {why}]"), "why"),
  REQUEST_LAPSED(says("The request for {entitlement} lapsed[: {why}]"), "why", "waited_seconds"),

  // grants
  GRANT_OPENED(
      says("Access to {entitlement} was granted to {subject}[, to be picked up by {claim_by}]"),
      "window_seconds",
      "claim_by",
      "principal",
      "effects_hash",
      "snapshot",
      "guarantee",
      "residual_seconds"),
  GRANT_PROVISIONED(
      says("{target} is ready for {subject}[; {principal} was made]"),
      "principal",
      "receipt",
      "attempt",
      "guarantee",
      "residual_seconds",
      "due_at"),
  GRANT_PROVISION_WAITS(
      says("{target} is not ready yet: {problem}[; next try {next_try_at}]"),
      "problem",
      "detail",
      "attempt",
      "next_try_at",
      "reached"),
  GRANT_CANCELLED(says("Nothing was handed out[: {why}]"), "why", "reason", "note"),
  SECRET_ISSUING(
      says("{actor} asked for the secret of {entitlement}[; {proof}]"),
      "first",
      "until",
      "due_at",
      "proof",
      "proof_id"),
  SECRET_SHOWN(says("The secret was shown to {actor}[, good until {until}]"), "until", "due_at"),
  SECRET_WITHHELD(says("The secret was not handed out[: {why}]"), "why", "detail"),
  GRANT_ENDING(
      says("The access of {subject} ends now[: {reason}][ ({note})]"),
      "reason",
      "note",
      "due_at",
      "late_millis"),
  GRANT_REVOKE_STEP(
      says("{target}: {step}[ — {facts}]"), "step", "facts", "attempt", "blocked_at", "dead_at"),
  GRANT_REVOKE_WAITS(
      says("{target} could not be asked to revoke: {problem}[; next try {next_try_at}]"),
      "problem",
      "detail",
      "live",
      "step",
      "attempt",
      "next_try_at"),
  GRANT_TAKEN_OVER(
      says(
          "A call to {target} was left in the middle; another worker took it over[, as try {attempt}]"),
      "attempt"),
  GRANT_STUCK(
      says("Revoking is stuck[, access may still be live since {live_since}][: {problem}]"),
      "problem",
      "detail",
      "live",
      "live_since",
      "step",
      "attempt"),
  GRANT_ENDED(
      says("The access of {subject} is over[: {proof_of_revocation}]"),
      "reason",
      "verdict",
      "proof_of_revocation",
      "verified_at",
      "blocked_at",
      "dead_at",
      "due_at",
      "late_millis",
      "left_behind",
      "attempt"),
  GRANT_ATTESTED(
      says("{actor} attested that the access is gone[; {proof}]"),
      "note",
      "note_hash",
      "reason",
      "proof",
      "proof_id"),
  GRANT_FOUND_ALIVE(
      says("{target} still has what was known as over, or closed; it is revoked again[: {facts}]"),
      "facts",
      "reason",
      "principal"),
  GRANT_DRIFTED(says("{target} no longer has what was granted[: {facts}]"), "facts", "principal"),
  GRANT_ADOPTED(
      says("{actor} let the access of {subject} go on until {due_at}, as {target} remembers it"),
      "due_at"),
  ORPHAN_FOUND(
      says("{target} has {principal}, which no grant knows[: {facts}]"),
      "facts",
      "principal",
      "until"),
  ORPHAN_RELEASED(
      says("{actor} said that {principal} at {target} is to be taken away[; {proof}]"),
      "principal",
      "proof",
      "proof_id"),
  ORPHAN_REVOKED(
      says("{principal} at {target}, which no grant knew, was revoked[: {facts}]"),
      "facts",
      "principal",
      "verdict"),
  ORPHAN_GONE(
      says("{target} no longer has {principal}, which no grant knew[: {facts}]"),
      "facts",
      "principal"),

  // signing in, keys, tokens
  SIGNED_IN(says("{actor} signed in[ by {method}]"), "method", "factors"),
  SIGNED_OUT(says("{actor} signed out[ of {sessions} sessions]"), "sessions", "tokens"),
  PASSWORD_CHANGED(says("{actor} set a password"), "proof", "proof_id", "how"),
  LINK_USED(says("{actor} used the one-time link"), "link_of"),
  KEY_ADDED(
      says("{actor} added the passkey {name}[; {proof}]"),
      "name",
      "credential",
      "proof",
      "proof_id"),
  KEY_REMOVED(
      says("{actor} removed the passkey {name}[; {proof}]"),
      "name",
      "credential",
      "proof",
      "proof_id"),
  CODES_ADDED(says("{actor} enrolled codes[; {proof}]"), "name", "credential", "proof", "proof_id"),
  CODES_REMOVED(
      says("{actor} removed the codes[; {proof}]"), "name", "credential", "proof", "proof_id"),
  CODES_OFF(says("Codes of {subject} are off until a reset[: {why}]"), "why", "count"),
  RECOVERY_CODES_RENEWED(says("{actor} made new recovery codes[; {proof}]"), "proof", "proof_id"),
  RECOVERY_CODE_USED(says("{actor} used a recovery code"), "left"),
  TOKEN_CREATED(
      says("{actor} made the token {name}[ for {scopes}][ until {until}]"),
      "name",
      "token",
      "scopes",
      "until",
      "proof",
      "proof_id"),
  TOKEN_ENDED(says("{actor} ended the token {name}"), "name", "token", "why"),

  // people and groups
  INSTALLATION_SET_UP(says("{actor} set up this installation"), "how"),
  PERSON_ADDED(
      says("{actor} added {subject}[ to {groups}][; {proof}]"),
      "groups",
      "issuer",
      "proof",
      "proof_id"),
  PERSON_RESET(
      says("{actor} reset the sign-in of {subject}[; {proof}]"), "proof", "proof_id", "why"),
  PERSON_DISABLED(
      says("{actor} disabled {subject}[; {proof}]"),
      "sessions",
      "tokens",
      "requests",
      "grants",
      "proof",
      "proof_id"),
  GROUP_JOINED(says("{actor} put {subject} into {group}[; {proof}]"), "group", "proof", "proof_id"),
  GROUP_LEFT(
      says("{actor} took {subject} out of {group}[; {proof}]"), "group", "proof", "proof_id"),

  // packs, rules, targets
  SNAPSHOT_PROPOSED(
      says("Packs and rules {digest} were read and wait for acceptance"),
      "digest",
      "replaces",
      "files",
      "problems"),
  CLOCK_ACCEPTED(
      says("{actor} accepted the store's clock, set back from {from_at} to {to_at}[; {proof}]"),
      "from_at",
      "to_at",
      "proof",
      "proof_id"),
  SNAPSHOT_ACCEPTED(
      says("{actor} accepted packs and rules {digest}[ in place of {replaces}][; {proof}]"),
      "digest",
      "replaces",
      "how",
      "changes",
      "proof",
      "proof_id"),
  TARGET_CLOSED(says("{target} takes no new grants[: {why}]"), "why", "detail"),
  TARGET_OPENED(says("{target} takes new grants again[: {why}]"), "why"),
  SERVER_PINNED(says("{target} is the server {server} from now on"), "server"),
  SERVER_CHANGED(
      says("{target} answers as another server, {server}, and not as {replaces}"),
      "server",
      "replaces"),
  SERVER_ACCEPTED(
      says(
          "{actor} accepted {server} as the server of {target}[ in place of {replaces}][; {proof}]"),
      "server",
      "replaces",
      "proof",
      "proof_id"),
  WITNESS_WRITTEN(says("{target} remembered nothing of this store and was told how far it is")),
  QUARANTINE_BEGUN(
      says("The store went back in time and nothing new is given: {why}"), "why", "generation"),
  QUARANTINE_DECIDED(
      says("{actor} decided about {principal} at {target}: {choice}[; {proof}]"),
      "principal",
      "choice",
      "until",
      "proof",
      "proof_id"),
  QUARANTINE_ENDED(
      says("{actor} ended the quarantine[; the ends of {count} grants were taken over][; {proof}]"),
      "generation",
      "count",
      "proof",
      "proof_id"),

  // the history itself
  HISTORY_EXPORTED(
      says("{actor} exported the history as {format}, up to entry {up_to}"),
      "format",
      "filter",
      "up_to"),

  // refusals
  REFUSED(
      says("{actor} was refused[ {count} times more][ ({act})]: {code}[, {message}]"),
      "code",
      "act",
      "count",
      "message",
      "field",
      "inside",
      "first_at",
      "last_at"),
  SIGN_IN_REFUSED(
      says("A sign-in[ as {subject}] was refused[ {count} times more]"),
      "code",
      "act",
      "count",
      "message",
      "field",
      "inside",
      "first_at",
      "last_at"),
  ENROLMENT_REFUSED(
      says("An enrolment[ of {subject}] was refused[ {count} times more]"),
      "code",
      "act",
      "count",
      "message",
      "field",
      "inside",
      "first_at",
      "last_at"),
  SET_UP_REFUSED(
      says("A set-up was refused[ {count} times more]"),
      "code",
      "act",
      "count",
      "message",
      "field",
      "inside",
      "first_at",
      "last_at");

  private final Sentence sentence;
  private final Set<String> fields;

  Kind(Sentence sentence, String... fields) {
    this.sentence = sentence;
    this.fields = Set.of(fields);
  }

  /** The stable name in exports and filters, for example {@code request-submitted}. */
  public String code() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public static Optional<Kind> byCode(String code) {
    return Arrays.stream(values()).filter(kind -> kind.code().equals(code)).findFirst();
  }

  boolean allows(String field) {
    return fields.contains(field);
  }

  Sentence sentence() {
    return sentence;
  }

  private static Sentence says(String pattern) {
    return new Sentence(pattern);
  }
}

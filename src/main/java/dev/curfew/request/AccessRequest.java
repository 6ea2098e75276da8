package dev.curfew.request;

import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.approval.Stage;
import dev.curfew.grant.Effects;
import dev.curfew.grant.Opening;
import jakarta.persistence.CollectionTable;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.OrderColumn;
import jakarta.persistence.PrimaryKeyJoinColumn;
import jakarta.persistence.SecondaryTable;
import jakarta.persistence.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One person's ask, with the decision of the rules about it. Only its outcome ever changes. */
@Entity
@Table(name = "access_request")
@SecondaryTable(name = "request_reason", pkJoinColumns = @PrimaryKeyJoinColumn(name = "request_id"))
@SecondaryTable(
    name = "request_decision",
    pkJoinColumns = @PrimaryKeyJoinColumn(name = "request_id"))
class AccessRequest {

  /** What the rules said. */
  enum Ruling {
    ALLOW,
    ASK
  }

  @Id String id;

  String person;
  String entitlement;
  String target;

  @Column(name = "grant_id")
  String grant;

  @Column(name = "window_seconds")
  long windowSeconds;

  String ticket;
  String snapshot;
  String proof;

  @Enumerated(EnumType.STRING)
  RequestState state;

  @Column(name = "created_at")
  Instant createdAt;

  @Column(name = "lapse_at")
  Instant lapseAt;

  @Column(name = "decided_at")
  Instant decidedAt;

  @Column(name = "decided_by")
  String decidedBy;

  @Column(name = "decided_why")
  String decidedWhy;

  @Column(name = "idempotency_key")
  String idempotencyKey;

  @Column(name = "body_hash")
  String bodyHash;

  @Column(table = "request_reason")
  String reason;

  @Column(table = "request_decision")
  @Enumerated(EnumType.STRING)
  Ruling decision;

  @Column(table = "request_decision", name = "pick_up_by_passkey")
  Boolean pickUpByPasskey;

  @Column(table = "request_decision", name = "claim_by_seconds")
  Long claimBySeconds;

  @Column(table = "request_decision")
  String trace;

  @Column(table = "request_decision")
  String effects;

  @ElementCollection(fetch = FetchType.EAGER)
  @CollectionTable(name = "request_stage", joinColumns = @JoinColumn(name = "request_id"))
  @OrderColumn(name = "position")
  List<StageRow> stages = new ArrayList<>();

  Duration window() {
    return Duration.ofSeconds(windowSeconds);
  }

  Effects effects() {
    return Json.read(effects, Effects.class);
  }

  List<Stage> stages() {
    return stages.stream().map(StageRow::stage).toList();
  }

  boolean isPending() {
    return state == RequestState.PENDING;
  }

  /** Whether its time to be decided is over, even if no job has written so yet. */
  boolean hasLapsed(Instant now) {
    return !lapseAt.isAfter(now);
  }

  /**
   * Hash of all that an approver reads and agrees to. It is computed from what is stored each time:
   * a row that was edited no longer fits the votes on it.
   */
  String shown() {
    Map<String, Object> fields = new TreeMap<>();
    fields.put("request", id);
    fields.put("person", person);
    fields.put("entitlement", entitlement);
    fields.put("target", target);
    fields.put("window_seconds", windowSeconds);
    fields.put("reason", reason == null ? "" : reason);
    fields.put("ticket", ticket);
    fields.put("grant", grant);
    fields.put("effects", effects().hash());
    fields.put("snapshot", snapshot);
    return Json.hash(fields);
  }

  Opening opening() {
    return new Opening(
        grant,
        id,
        person,
        entitlement,
        target,
        window(),
        Duration.ofSeconds(claimBySeconds),
        effects(),
        snapshot);
  }

  /**
   * The one move of a request.
   *
   * @throws CurfewException ALREADY_DECIDED
   */
  void become(RequestState outcome, String by, Instant at, String why) {
    if (state.isFinal()) {
      throw new CurfewException(Fault.ALREADY_DECIDED, "this request is decided already");
    }
    state = outcome;
    decidedBy = by;
    decidedAt = at;
    decidedWhy = why;
  }
}

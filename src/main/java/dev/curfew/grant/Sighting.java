package dev.curfew.grant;

import dev.curfew.connector.Found;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** Something at a target that no live grant owns, from its first sighting until it is gone. */
@Entity
@Table(name = "grant_finding")
class Sighting {

  @Id String id;
  String target;
  String name;

  /** Of which grant its name speaks. */
  @Column(name = "grant_id")
  String grant;

  @Enumerated(EnumType.STRING)
  FindingView.Kind kind;

  boolean open;

  @Column(name = "marked_until")
  Instant markedUntil;

  String handle;

  @Column(name = "first_seen_at")
  Instant firstSeenAt;

  @Column(name = "last_seen_at")
  Instant lastSeenAt;

  /** The administrator who said that it is to be taken away now. */
  @Column(name = "released_by")
  String releasedBy;

  /** Why it could not be taken away at the last try. */
  String problem;

  @Column(name = "gone_at")
  Instant goneAt;

  protected Sighting() {}

  Sighting(String id, String target, Found found, FindingView.Kind kind, Instant now) {
    this.id = id;
    this.target = target;
    name = found.name();
    grant = found.handle().grant();
    firstSeenAt = now;
    seen(found, kind, now);
  }

  final void seen(Found found, FindingView.Kind asKind, Instant now) {
    kind = asKind;
    open = found.open();
    markedUntil = found.mark().map(mark -> mark.until()).orElse(null);
    handle = Json.of(found.handle());
    lastSeenAt = now;
  }

  void released(String by) {
    releasedBy = by;
  }

  void failed(String why) {
    problem = why;
  }

  void gone(Instant now) {
    goneAt = now;
  }
}

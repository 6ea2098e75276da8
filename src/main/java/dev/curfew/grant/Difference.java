package dev.curfew.grant;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** What a target has, or lacks, held against a store that went back. */
@Entity
@Table(name = "quarantine_finding")
class Difference {

  @Id String id;
  String target;
  String name;

  @Column(name = "grant_id")
  String grant;

  @Enumerated(EnumType.STRING)
  DifferenceView.Kind kind;

  boolean open;

  @Column(name = "store_until")
  Instant storeUntil;

  @Column(name = "marked_until")
  Instant markedUntil;

  @Column(name = "found_at")
  Instant foundAt;

  @Enumerated(EnumType.STRING)
  DifferenceView.Choice choice;

  @Column(name = "decided_by")
  String decidedBy;

  protected Difference() {}

  Difference(String id, String target, String name, String grant, Instant foundAt) {
    this.id = id;
    this.target = target;
    this.name = name;
    this.grant = grant;
    this.foundAt = foundAt;
  }
}

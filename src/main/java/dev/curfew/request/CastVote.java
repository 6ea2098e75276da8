package dev.curfew.request;

import dev.curfew.approval.Choice;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.PrimaryKeyJoinColumn;
import jakarta.persistence.SecondaryTable;
import jakarta.persistence.Table;
import java.time.Instant;

/** One approver's yes or no. It is never edited; it can be voided once. */
@Entity
@Table(name = "vote")
@SecondaryTable(name = "vote_reason", pkJoinColumns = @PrimaryKeyJoinColumn(name = "vote_id"))
class CastVote {

  @Id String id;

  @Column(name = "request_id")
  String request;

  String voter;

  @Enumerated(EnumType.STRING)
  Choice choice;

  String shown;

  @Column(name = "by_code")
  boolean byCode;

  String proof;

  @Column(name = "proof_id")
  String proofId;

  Instant at;

  @Column(name = "voided_at")
  Instant voidedAt;

  @Column(name = "voided_why")
  String voidedWhy;

  @Column(table = "vote_reason")
  String reason;

  boolean isVoid() {
    return voidedAt != null;
  }

  /** Whether it says the same as the one offered now: a repeated call is no second vote. */
  boolean says(Vote vote) {
    return !isVoid() && choice == vote.choice() && shown.equals(vote.shown());
  }
}

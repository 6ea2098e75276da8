package dev.curfew.mfa;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;

/** A seed that was shown and waits for its first code. */
@Entity
@Table(name = "totp_draft")
class TotpDraft extends PanacheEntityBase {

  @Id public String person;
  public String secret;

  @Column(name = "created_at")
  public Instant createdAt;

  static Optional<TotpDraft> of(String person) {
    return findByIdOptional(person);
  }
}

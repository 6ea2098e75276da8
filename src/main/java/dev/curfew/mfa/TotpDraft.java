package dev.curfew.mfa;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A seed that was shown and waits for its first code. */
@Entity
@Table(name = "totp_draft")
class TotpDraft extends PanacheEntityBase {

  private static final Duration LIFE = Duration.ofMinutes(15);

  @Id public String person;

  /**
   * Whom it was shown to: what one session saw must not become the factor that another confirms.
   */
  public String session;

  /** By {@link Seeds}. */
  @Column(name = "sealed_seed")
  public String sealedSeed;

  @Column(name = "created_at")
  public Instant createdAt;

  boolean livesFor(String session, Instant now) {
    return this.session.equals(session) && now.isBefore(createdAt.plus(LIFE));
  }

  static Optional<TotpDraft> of(String person) {
    return findByIdOptional(person);
  }
}

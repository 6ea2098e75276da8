package dev.curfew.mfa;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;

/** The seed an authenticator app shares with us, and the last time step a code was used of. */
@Entity
@Table(name = "totp")
class StoredTotp extends PanacheEntityBase {

  @Id public String person;

  /** By {@link Seeds}. */
  @Column(name = "sealed_seed")
  public String sealedSeed;

  @Column(name = "created_at")
  public Instant createdAt;

  @Column(name = "trusted_since")
  public Instant trustedSince;

  @Column(name = "last_step")
  public long lastStep;

  static Optional<StoredTotp> of(String person) {
    return findByIdOptional(person);
  }
}

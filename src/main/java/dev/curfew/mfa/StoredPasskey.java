package dev.curfew.mfa;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A person's passkey; credential id and public key (COSE) in base64url. */
@Entity
@Table(name = "passkey")
class StoredPasskey extends PanacheEntityBase {

  @Id public String id;
  public String person;
  public String credential;

  @Column(name = "public_key")
  public String publicKey;

  @Column(name = "sign_count")
  public long signCount;

  public String name;

  @Column(name = "created_at")
  public Instant createdAt;

  @Column(name = "trusted_since")
  public Instant trustedSince;

  @Column(name = "counts_as_code_until")
  public Instant countsAsCodeUntil;

  @Column(name = "used_at")
  public Instant usedAt;

  static List<StoredPasskey> of(String person) {
    return list("person = ?1 order by createdAt, id", person);
  }

  static Optional<StoredPasskey> byCredential(String credential) {
    return find("credential", credential).firstResultOptional();
  }

  Key toKey() {
    return new Key(id, name, createdAt, usedAt, countsAsCodeUntil);
  }

  boolean countsAsCode(Instant now) {
    return countsAsCodeUntil != null && now.isBefore(countsAsCodeUntil);
  }
}

package dev.curfew.mfa;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;

/** A proof as it was given, kept whole so that it can be checked again without us. */
@Entity
@Table(name = "proof")
class StoredProof extends PanacheEntityBase {

  @Id public String id;
  public String person;
  public String session;

  @Enumerated(EnumType.STRING)
  public Proof.Kind kind;

  public String credential;

  @Column(name = "credential_since")
  public Instant credentialSince;

  public String act;
  public String nonce;
  public String assertion;

  @Column(name = "public_key")
  public String publicKey;

  public String earlier;
  public Instant at;

  @Column(name = "consumed_at")
  public Instant consumedAt;

  static Optional<StoredProof> latest(String person, String session, Instant from) {
    return find(
            "person = ?1 and session = ?2 and kind <> ?3 and at >= ?4 order by at desc",
            person,
            session,
            Proof.Kind.RECENT,
            from)
        .firstResultOptional();
  }

  Proof toProof(String words) {
    return new Proof(id, kind, person, credential, credentialSince, at, words);
  }
}

package dev.curfew.account;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** A person's row. What signs them in stands in tables of its own. */
@Entity
@Table(name = "person")
class StoredPerson extends PanacheEntityBase {

  @Id public String id;
  public String name;
  public boolean enabled;
  public boolean settled;

  @Column(name = "created_at")
  public Instant createdAt;

  @Column(name = "disabled_at")
  public Instant disabledAt;
}

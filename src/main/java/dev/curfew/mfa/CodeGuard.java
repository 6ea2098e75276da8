package dev.curfew.mfa;

import dev.curfew.CurfewException;
import dev.curfew.Fault;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Table;
import java.time.Duration;
import java.time.Instant;

/**
 * A person's wrong codes in a row, over all acts. Locked while a code is looked at, so that a
 * hundred tries at once are a hundred tries one after another.
 */
@Entity
@Table(name = "code_guard")
class CodeGuard extends PanacheEntityBase {

  private static final int FREE = 5;
  private static final int LAST = 20;
  private static final Duration FIRST_DELAY = Duration.ofSeconds(30);
  private static final Duration LONGEST_DELAY = Duration.ofMinutes(15);

  @Id public String person;
  public int wrong;

  @Column(name = "next_at")
  public Instant nextAt;

  @Column(name = "off_at")
  public Instant offAt;

  @Column(name = "held_since")
  public Instant heldSince;

  /** The person's guard, locked until the transaction ends. */
  static CodeGuard lock(String person) {
    getEntityManager()
        .createNativeQuery("insert into code_guard (person) values (?1) on conflict do nothing")
        .setParameter(1, person)
        .executeUpdate();
    return findById(person, LockModeType.PESSIMISTIC_WRITE);
  }

  void refuseWhileClosed(Instant now) {
    if (offAt != null) {
      throw new CurfewException(
          Fault.PROOF_REFUSED,
          "your codes are off after "
              + LAST
              + " wrong ones; use a passkey, or ask an administrator"
              + " to reset your sign-in");
    }
    refuseWhileDelayed(now);
  }

  void refuseWhileDelayed(Instant now) {
    if (nextAt != null && now.isBefore(nextAt)) {
      throw new CurfewException(Fault.THROTTLED, "too many wrong codes; wait before the next one")
          .retryAfter(Duration.between(now, nextAt));
    }
  }

  void right() {
    wrong = 0;
    nextAt = null;
  }

  /** True when this was the last one and codes are off now. */
  boolean wrong(Instant now) {
    wrong++;
    if (wrong >= FREE) {
      nextAt = now.plus(delay(wrong));
    }
    if (wrong >= LAST) {
      offAt = now;
    }
    return offAt != null;
  }

  static Duration delay(int wrong) {
    Duration doubled = FIRST_DELAY.multipliedBy(1L << Math.min(wrong - FREE, 10));
    return doubled.compareTo(LONGEST_DELAY) < 0 ? doubled : LONGEST_DELAY;
  }
}

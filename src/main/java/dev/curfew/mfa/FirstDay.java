package dev.curfew.mfa;

import static jakarta.transaction.Transactional.TxType.MANDATORY;

import dev.curfew.Clocks;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;

/**
 * An installation's first day: the people, groups and keys made then are its beginning, and nobody
 * could wait for them to be older.
 */
@ApplicationScoped
public class FirstDay {

  private final EntityManager store;
  private final Clocks clocks;

  FirstDay(EntityManager store, Clocks clocks) {
    this.store = store;
    this.clocks = clocks;
  }

  public boolean isToday() {
    Instant began =
        (Instant)
            store
                .createNativeQuery("select began_at from first_day", Instant.class)
                .getSingleResult();
    return clocks.now().isBefore(began.plus(Duration.ofDays(1)));
  }

  /** It begins now: with the first person, however long the empty store has waited for them. */
  @Transactional(MANDATORY)
  public void begin() {
    store
        .createNativeQuery("update first_day set began_at = ?1")
        .setParameter(1, clocks.now())
        .executeUpdate();
  }

  /** Whoever makes the first person of an installation, on whatever node, takes turns. */
  @Transactional(MANDATORY)
  public void lock() {
    store.createNativeQuery("select began_at from first_day for update").getSingleResult();
  }

  /** Since when a credential made now may be trusted. */
  Instant trustedSince(Instant now) {
    return isToday() ? Instant.EPOCH : now;
  }
}

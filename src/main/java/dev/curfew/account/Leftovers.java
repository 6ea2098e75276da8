package dev.curfew.account;

import dev.curfew.Clocks;
import dev.curfew.mfa.Proofs;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;

/**
 * What is over and proves nothing any more: sessions, tokens and links a month after their end,
 * delays an hour after the last try. The history is the memory, not these tables.
 */
@ApplicationScoped
public class Leftovers {

  private static final Duration KEPT = Duration.ofDays(30);

  private final EntityManager store;
  private final Proofs proofs;
  private final Clocks clocks;

  Leftovers(EntityManager store, Proofs proofs, Clocks clocks) {
    this.store = store;
    this.proofs = proofs;
    this.clocks = clocks;
  }

  /** Removes them; answers how many rows went. */
  @Transactional
  public int forget() {
    Instant now = clocks.now();
    return delete("delete from web_session where least(until, ended_at) < ?1", now.minus(KEPT))
        + delete("delete from personal_token where least(until, ended_at) < ?1", now.minus(KEPT))
        + delete("delete from enrolment_link where until < ?1", now.minus(KEPT))
        + delete(
            "delete from sign_in_delay where greatest(last_at, next_at) < ?1",
            now.minus(Throttle.FORGOTTEN_AFTER))
        + proofs.forgetOld();
  }

  private int delete(String sql, Instant before) {
    return store.createNativeQuery(sql).setParameter(1, before).executeUpdate();
  }
}

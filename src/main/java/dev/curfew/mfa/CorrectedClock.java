package dev.curfew.mfa;

import dev.curfew.identity.ClockCorrected;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.persistence.EntityManager;

/** Nothing proven or challenged by the clock that was wrong may look fresh by the right one. */
@ApplicationScoped
class CorrectedClock {

  private final EntityManager store;

  CorrectedClock(EntityManager store) {
    this.store = store;
  }

  void forget(@Observes ClockCorrected corrected) {
    store
        .createNativeQuery("update proof_challenge set spent_at = :now where spent_at is null")
        .setParameter("now", corrected.now())
        .executeUpdate();
    store
        .createNativeQuery("update proof set at = at - make_interval(secs => :by) where at > :now")
        .setParameter("by", corrected.by().toMillis() / 1e3)
        .setParameter("now", corrected.now())
        .executeUpdate();
    store
        .createNativeQuery(
            "update code_guard set next_at = next_at - make_interval(secs => :by)"
                + " where next_at > :now")
        .setParameter("by", corrected.by().toMillis() / 1e3)
        .setParameter("now", corrected.now())
        .executeUpdate();
  }
}

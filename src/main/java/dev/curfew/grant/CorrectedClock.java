package dev.curfew.grant;

import dev.curfew.identity.ClockCorrected;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.persistence.EntityManager;

/** Moves what grants wait for back with the clock: nobody's access becomes longer by it. */
@ApplicationScoped
class CorrectedClock {

  private final EntityManager store;

  CorrectedClock(EntityManager store) {
    this.store = store;
  }

  void moveBack(@Observes ClockCorrected corrected) {
    store
        .createNativeQuery(
            """
            update access_grant
               set due_at = due_at - make_interval(secs => :by),
                   claim_by = claim_by - make_interval(secs => :by),
                   next_at = next_at - make_interval(secs => :by),
                   lease_until = lease_until - make_interval(secs => :by),
                   ending_at = ending_at - make_interval(secs => :by)
             where ended_at is null
            """)
        .setParameter("by", corrected.by().toMillis() / 1e3)
        .executeUpdate();
  }
}

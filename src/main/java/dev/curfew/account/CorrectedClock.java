package dev.curfew.account;

import dev.curfew.identity.ClockCorrected;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.persistence.EntityManager;
import java.util.List;

/** Sessions, tokens and links live no longer because the clock was wrong. */
@ApplicationScoped
class CorrectedClock {

  private static final List<String> MOVES =
      List.of(
          "update web_session set until = until - make_interval(secs => :by),"
              + " seen_at = least(seen_at, :now) where ended_at is null",
          "update personal_token set until = until - make_interval(secs => :by)"
              + " where ended_at is null and until > :now",
          "update enrolment_link set until = until - make_interval(secs => :by)"
              + " where ended_at is null and until > :now",
          "update sign_in_delay set next_at = next_at - make_interval(secs => :by)"
              + " where next_at > :now");

  private final EntityManager store;

  CorrectedClock(EntityManager store) {
    this.store = store;
  }

  void moveBack(@Observes ClockCorrected corrected) {
    for (String move : MOVES) {
      store
          .createNativeQuery(move)
          .setParameter("by", corrected.by().toMillis() / 1e3)
          .setParameter("now", corrected.now())
          .executeUpdate();
    }
  }
}

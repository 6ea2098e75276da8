package dev.curfew.grant;

import dev.curfew.Clocks;
import dev.curfew.connector.Handle;
import dev.curfew.connector.Receipt;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the store knows of the grants at a target, to be held against what is there. */
@ApplicationScoped
class Known {

  /** A grant that should be there. */
  record Active(String id, long fence, Handle handle, Receipt receipt) {}

  private final EntityManager store;

  private final Clocks clocks;

  Known(EntityManager store, Clocks clocks) {
    this.store = store;
    this.clocks = clocks;
  }

  /**
   * Whether what was found is the grant's. What a new server has of a grant that was made on the
   * one before came there with a copy, and no revocation of that grant reaches it.
   */
  @Transactional
  boolean knows(String grant, Handle found) {
    Grant known = store.find(Grant.class, grant);
    if (known == null) {
      return false;
    }
    Optional<String> madeOn = known.handle().server();
    return madeOn.isEmpty() || found.server().isEmpty() || madeOn.equals(found.server());
  }

  /** Whether it was over before that moment. */
  @Transactional
  boolean wasOverBefore(String grant, Instant moment) {
    Grant found = store.find(Grant.class, grant);
    return found.state.isFinal() && found.endedAt.isBefore(moment);
  }

  /**
   * The targets that grants which are not over are at, whether their packs are still there or not.
   */
  @Transactional
  List<String> targets() {
    return store
        .createQuery("select distinct g.target from Grant g where g.endedAt is null", String.class)
        .getResultList();
  }

  /** Those at rest: one that is being picked up will be looked at next time. */
  @Transactional
  List<Active> active(String target) {
    return store
        .createQuery(
            """
            from Grant g where g.target = :target and g.state = :active
            and (g.leaseUntil is null or g.leaseUntil <= :now)
            """,
            Grant.class)
        .setParameter("target", target)
        .setParameter("now", clocks.now())
        .setParameter("active", GrantState.ACTIVE)
        .getResultStream()
        .map(grant -> new Active(grant.id, grant.fence, grant.handle(), grant.receipt()))
        .toList();
  }
}

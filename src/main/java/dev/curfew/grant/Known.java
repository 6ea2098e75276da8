package dev.curfew.grant;

import dev.curfew.Clocks;
import dev.curfew.connector.Handle;
import dev.curfew.connector.Receipt;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.hibernate.Session;

/** What the store knows of the grants at a target, to be held against what is there. */
@ApplicationScoped
class Known {

  /** A grant that should be there. */
  record Active(String id, long fence, Handle handle, Receipt receipt) {}

  /**
   * What a grant should have at its target.
   *
   * @param madeOn the server
   * @param over since when it is; empty while it is not
   */
  record Account(Optional<String> madeOn, Optional<Instant> over) {

    /**
     * Whether what was found is the grant's. What a new server has of a grant that was made on the
     * one before came there with a copy, and no revocation of that grant reaches it.
     */
    boolean is(Handle found) {
      return madeOn.isEmpty() || found.server().isEmpty() || madeOn.equals(found.server());
    }

    boolean wasOverBefore(Instant moment) {
      return over.filter(since -> since.isBefore(moment)).isPresent();
    }
  }

  private final EntityManager store;
  private final Clocks clocks;

  Known(EntityManager store, Clocks clocks) {
    this.store = store;
    this.clocks = clocks;
  }

  /** Those that are on record here, by their ids. */
  @Transactional
  Map<String, Account> accounts(Collection<String> grants) {
    return store.unwrap(Session.class).findMultiple(Grant.class, List.copyOf(grants)).stream()
        .filter(Objects::nonNull)
        .collect(
            Collectors.toMap(
                grant -> grant.id,
                grant -> new Account(grant.handle().server(), Optional.ofNullable(grant.endedAt))));
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

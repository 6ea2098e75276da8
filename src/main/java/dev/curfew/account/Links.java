package dev.curfew.account;

import static jakarta.transaction.Transactional.TxType.MANDATORY;

import dev.curfew.Clocks;
import dev.curfew.Ids;
import dev.curfew.mfa.Hashes;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One-time links to enrolment: 256 bits, 24 hours, used up when a second factor is enrolled.
 * Whoever opens one first chooses the password; from then on the link is worth nothing without it.
 */
@ApplicationScoped
@Transactional(MANDATORY)
class Links {

  private static final Duration LIFE = Duration.ofHours(24);

  private final EntityManager store;
  private final Clocks clocks;

  Links(EntityManager store, Clocks clocks) {
    this.store = store;
    this.clocks = clocks;
  }

  /** A new link; earlier ones of the person end. */
  Link make(String person) {
    endAll(person);
    Instant now = clocks.now();
    Link link = new Link(person, Hashes.secret(), now.plus(LIFE));
    store
        .createNativeQuery(
            "insert into enrolment_link (id, secret_hash, person, created_at, until)"
                + " values (?1, ?2, ?3, ?4, ?5)")
        .setParameter(1, Ids.next())
        .setParameter(2, Hashes.sha256(link.secret()))
        .setParameter(3, person)
        .setParameter(4, now)
        .setParameter(5, link.until())
        .executeUpdate();
    return link;
  }

  /** The person a live link is for. */
  Optional<String> person(String secret) {
    List<?> rows =
        store
            .createNativeQuery(
                "select l.person from enrolment_link l"
                    + " join person p on p.id = l.person and p.enabled"
                    + " where l.secret_hash = ?1 and l.used_at is null and l.ended_at is null"
                    + " and l.until > ?2")
            .setParameter(1, Hashes.sha256(secret))
            .setParameter(2, clocks.now())
            .getResultList();
    return rows.stream().map(String.class::cast).findFirst();
  }

  /** Whether somebody has chosen a password by this live link. */
  boolean isOpened(String secret) {
    return !store
        .createNativeQuery(
            "select 1 from enrolment_link where secret_hash = ?1 and opened_at is not null")
        .setParameter(1, Hashes.sha256(secret))
        .getResultList()
        .isEmpty();
  }

  /** For the first who chooses a password by it; false for everybody after. */
  boolean open(String secret) {
    return store
            .createNativeQuery(
                "update enrolment_link set opened_at = ?1"
                    + " where secret_hash = ?2 and opened_at is null")
            .setParameter(1, clocks.now())
            .setParameter(2, Hashes.sha256(secret))
            .executeUpdate()
        == 1;
  }

  /** Uses up whatever link the person has. */
  int use(String person) {
    return store
        .createNativeQuery(
            "update enrolment_link set used_at = ?1"
                + " where person = ?2 and used_at is null and ended_at is null")
        .setParameter(1, clocks.now())
        .setParameter(2, person)
        .executeUpdate();
  }

  void endAll(String person) {
    store
        .createNativeQuery(
            "update enrolment_link set ended_at = ?1"
                + " where person = ?2 and used_at is null and ended_at is null")
        .setParameter(1, clocks.now())
        .setParameter(2, person)
        .executeUpdate();
  }
}

package dev.curfew.account;

import static jakarta.transaction.Transactional.TxType.REQUIRES_NEW;

import dev.curfew.Clocks;
import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.mfa.Seeds;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;

/**
 * Delays sign-in per account and per address, in the store, so that every node knows. A try counts
 * before its password is looked at: a hundred at once are a hundred tries. A known name and an
 * unknown one are delayed alike.
 */
@ApplicationScoped
class Throttle {

  private static final int FREE_PER_ACCOUNT = 5;
  private static final int FREE_PER_ADDRESS = 30;
  private static final Duration FIRST_DELAY = Duration.ofSeconds(2);
  private static final Duration LONGEST_DELAY = Duration.ofMinutes(5);

  /** A try that long ago delays nothing any more, and its row goes. */
  static final Duration FORGOTTEN_AFTER = Duration.ofHours(1);

  private final EntityManager store;
  private final Seeds seeds;
  private final Clocks clocks;

  Throttle(EntityManager store, Seeds seeds, Clocks clocks) {
    this.store = store;
    this.seeds = seeds;
    this.clocks = clocks;
  }

  /**
   * Counts a try.
   *
   * @throws CurfewException THROTTLED, without counting, while a delay runs
   */
  @Transactional(value = REQUIRES_NEW, dontRollbackOn = CurfewException.class)
  void enter(String user, String address) {
    lock(account(user));
    lock(address(address));
    // not before it is this try's turn: the one before may have written a later time
    Instant now = clocks.now();
    refuseWhileDelayed(account(user), now);
    refuseWhileDelayed(address(address), now);
    count(account(user), FREE_PER_ACCOUNT, now);
    count(address(address), FREE_PER_ADDRESS, now);
  }

  /** Forgets the tries of an account that has signed in; an address keeps most of its own. */
  @Transactional(REQUIRES_NEW)
  void succeeded(String user, String address) {
    store
        .createNativeQuery("delete from sign_in_delay where key = ?1")
        .setParameter(1, account(user))
        .executeUpdate();
    store
        .createNativeQuery(
            "update sign_in_delay set failures = greatest(failures - 1, 0), next_at = 'epoch'"
                + " where key = ?1")
        .setParameter(1, address(address))
        .executeUpdate();
  }

  /**
   * Tries of one account or address go one after another. One statement makes the row or locks it:
   * between two, somebody's success could delete it.
   */
  private void lock(String key) {
    store
        .createNativeQuery(
            "insert into sign_in_delay (key, failures, last_at, next_at)"
                + " values (?1, 0, 'epoch', 'epoch')"
                + " on conflict (key) do update set failures = sign_in_delay.failures")
        .setParameter(1, key)
        .executeUpdate();
  }

  private void refuseWhileDelayed(String key, Instant now) {
    Instant until =
        (Instant)
            store
                .createNativeQuery(
                    "select next_at from sign_in_delay where key = ?1", Instant.class)
                .setParameter(1, key)
                .getSingleResult();
    if (now.isBefore(until)) {
      throw new CurfewException(
              Fault.THROTTLED, "too many tries; wait a moment before the next one")
          .retryAfter(Duration.between(now, until));
    }
  }

  private void count(String key, int free, Instant now) {
    Number failures =
        (Number)
            store
                .createNativeQuery(
                    "update sign_in_delay set last_at = ?1,"
                        + " failures = case when last_at < ?2 then 1 else failures + 1 end"
                        + " where key = ?3 returning failures")
                .setParameter(1, now)
                .setParameter(2, now.minus(FORGOTTEN_AFTER))
                .setParameter(3, key)
                .getSingleResult();
    if (failures.intValue() >= free) {
      store
          .createNativeQuery("update sign_in_delay set next_at = ?1 where key = ?2")
          .setParameter(1, now.plus(delay(failures.intValue() - free)))
          .setParameter(2, key)
          .executeUpdate();
    }
  }

  static Duration delay(int beyond) {
    Duration doubled = FIRST_DELAY.multipliedBy(1L << Math.min(beyond, 10));
    return doubled.compareTo(LONGEST_DELAY) < 0 ? doubled : LONGEST_DELAY;
  }

  /** What was typed may be a password in the wrong field: a copy of the store must not tell it. */
  private String account(String user) {
    return "account:" + seeds.hidden("sign-in delay", user);
  }

  private static String address(String address) {
    return "address:" + address;
  }
}

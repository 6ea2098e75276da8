package dev.curfew.mfa;

import dev.curfew.Clocks;
import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.identity.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import java.time.Duration;
import java.time.Instant;

/** Nonces: each for one act of one session, once, for 120 seconds. */
@ApplicationScoped
class Challenges {

  static final Duration LIFE = Duration.ofSeconds(120);
  private static final Duration LONG_OVER = Duration.ofHours(1);
  private static final Duration DRAFT = Duration.ofDays(1);

  /** A nonce and when it ends. */
  record Nonce(String text, Instant expires) {}

  private final EntityManager store;
  private final Clocks clocks;

  Challenges(EntityManager store, Clocks clocks) {
    this.store = store;
    this.clocks = clocks;
  }

  Nonce open(Caller caller, Act act) {
    Nonce nonce = new Nonce(Hashes.secret(), clocks.now().plus(LIFE));
    store
        .createNativeQuery(
            "insert into proof_challenge (nonce, person, session, act_hash, expires_at)"
                + " values (?1, ?2, ?3, ?4, ?5)")
        .setParameter(1, nonce.text())
        .setParameter(2, caller.person())
        .setParameter(3, caller.session().id())
        .setParameter(4, ActHash.hash(act))
        .setParameter(5, nonce.expires())
        .executeUpdate();
    return nonce;
  }

  /** Uses the nonce up, right or wrong; refuses any but this session's, for this act, in time. */
  void spend(Caller caller, Act act, String nonce) {
    Instant now = clocks.now();
    int spent =
        store
            .createNativeQuery(
                "update proof_challenge set spent_at = ?1 where nonce = ?2 and spent_at is null"
                    + " and person = ?3 and session = ?4 and act_hash = ?5 and expires_at > ?1")
            .setParameter(1, now)
            .setParameter(2, nonce)
            .setParameter(3, caller.person())
            .setParameter(4, caller.session().id())
            .setParameter(5, ActHash.hash(act))
            .executeUpdate();
    if (spent == 0) {
      burn(caller, nonce, now);
      throw new CurfewException(
          Fault.PROOF_REFUSED,
          "this proof is too old, was used before or was made for something else; prove it again");
    }
  }

  /** A nonce shown for another act of the same session is gone too: it was signed already. */
  private void burn(Caller caller, String nonce, Instant now) {
    store
        .createNativeQuery(
            "update proof_challenge set spent_at = ?1"
                + " where nonce = ?2 and session = ?3 and spent_at is null")
        .setParameter(1, now)
        .setParameter(2, nonce)
        .setParameter(3, caller.session().id())
        .executeUpdate();
  }

  /** Removes nonces an hour after their end, and seeds that were shown and never confirmed. */
  int forgetOld() {
    Instant now = clocks.now();
    return delete("delete from proof_challenge where expires_at < ?1", now.minus(LONG_OVER))
        + delete("delete from totp_draft where created_at < ?1", now.minus(DRAFT));
  }

  private int delete(String sql, Instant before) {
    return store.createNativeQuery(sql).setParameter(1, before).executeUpdate();
  }
}

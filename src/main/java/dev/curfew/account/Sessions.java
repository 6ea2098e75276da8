package dev.curfew.account;

import static jakarta.transaction.Transactional.TxType.MANDATORY;

import dev.curfew.Clocks;
import dev.curfew.CurfewException;
import dev.curfew.Ids;
import dev.curfew.identity.Caller;
import dev.curfew.identity.Scope;
import dev.curfew.identity.Session;
import dev.curfew.mfa.Hashes;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Browser sessions: 256 random bits in a cookie, of which the store has the hash. Looked up at
 * every call, so that an end is an end at once.
 */
@ApplicationScoped
public class Sessions {

  private static final Duration HALF_WAY = Duration.ofMinutes(10);
  private static final Duration ENROLLING = Duration.ofHours(1);
  private static final Duration SEEN_EACH = Duration.ofMinutes(1);

  private static final String LIVE =
      " ended_at is null and until > ?1 and seen_at > ?2 and exists"
          + " (select 1 from person p where p.id = person and p.enabled)";

  private final EntityManager store;
  private final People people;
  private final Clocks clocks;
  private final AccountConfig config;

  Sessions(EntityManager store, People people, Clocks clocks, AccountConfig config) {
    this.store = store;
    this.people = people;
    this.clocks = clocks;
    this.config = config;
  }

  /** Whom the cookie stands for now; empty when it is unknown, ended or of a disabled person. */
  @Transactional
  public Optional<SignedIn> find(String secret, String address) {
    Instant now = clocks.now();
    List<?> rows =
        store
            .createNativeQuery(
                "select id, person, level, seen_at from web_session where secret_hash = ?3 and"
                    + LIVE)
            .setParameter(1, now)
            .setParameter(2, now.minus(config.idle()))
            .setParameter(3, Hashes.sha256(secret))
            .getResultList();
    if (rows.isEmpty()) {
      return Optional.empty();
    }
    Object[] row = (Object[]) rows.get(0);
    String id = (String) row[0];
    if (((Instant) row[3]).plus(SEEN_EACH).isBefore(now)) {
      touch(id, now);
    }
    return people
        .person((String) row[1])
        .map(person -> signedIn(person, id, Level.valueOf((String) row[2]), address));
  }

  /** Opens a session that is not signed in fully yet. */
  @Transactional(MANDATORY)
  Opened open(Person person, Level level, Visitor visitor) {
    Instant now = clocks.now();
    String id = Ids.next();
    String secret = Hashes.secret();
    store
        .createNativeQuery(
            "insert into web_session"
                + " (id, secret_hash, person, level, address, agent, created_at, seen_at, until)"
                + " values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, ?8)")
        .setParameter(1, id)
        .setParameter(2, Hashes.sha256(secret))
        .setParameter(3, person.id())
        .setParameter(4, level.name())
        .setParameter(5, visitor.address())
        .setParameter(6, visitor.agent())
        .setParameter(7, now)
        .setParameter(8, now.plus(longest(level)))
        .executeUpdate();
    return new Opened(secret, signedIn(person, id, level, visitor.address()));
  }

  /** The same session on another level, under a new secret: the old cookie is worth nothing. */
  @Transactional(MANDATORY)
  Opened raise(SignedIn who, Level level) {
    Instant now = clocks.now();
    String secret = Hashes.secret();
    String id = who.caller().session().id();
    int raised =
        store
            .createNativeQuery(
                "update web_session set secret_hash = ?1, level = ?2, seen_at = ?3, until = ?4"
                    + " where id = ?5 and ended_at is null")
            .setParameter(1, Hashes.sha256(secret))
            .setParameter(2, level.name())
            .setParameter(3, now)
            .setParameter(4, now.plus(longest(level)))
            .setParameter(5, id)
            .executeUpdate();
    if (raised == 0) {
      throw new CurfewException(
          dev.curfew.Fault.SIGN_IN_REQUIRED, "this session has ended; sign in again");
    }
    Person person = people.mustBe(who.caller().person());
    return new Opened(secret, signedIn(person, id, level, who.caller().address()));
  }

  /** The live, fully signed-in sessions of a person, the last used first. */
  @Transactional
  public List<SessionView> of(String person) {
    Instant now = clocks.now();
    List<?> rows =
        store
            .createNativeQuery(
                "select id, address, agent, created_at, seen_at, until from web_session"
                    + " where person = ?3 and level = 'FULL' and"
                    + LIVE
                    + " order by seen_at desc, id")
            .setParameter(1, now)
            .setParameter(2, now.minus(config.idle()))
            .setParameter(3, person)
            .getResultList();
    return rows.stream().map(Object[].class::cast).map(Sessions::view).toList();
  }

  /** Ends one session of this person; false when there is no such live one. */
  @Transactional(MANDATORY)
  boolean end(String person, String id) {
    return store
            .createNativeQuery(
                "update web_session set ended_at = ?1"
                    + " where id = ?2 and person = ?3 and ended_at is null")
            .setParameter(1, clocks.now())
            .setParameter(2, id)
            .setParameter(3, person)
            .executeUpdate()
        == 1;
  }

  /** Ends all but one; {@code kept} may be an id that is none. */
  @Transactional(MANDATORY)
  int endAllBut(String person, String kept) {
    return store
        .createNativeQuery(
            "update web_session set ended_at = ?1"
                + " where person = ?2 and id <> ?3 and ended_at is null")
        .setParameter(1, clocks.now())
        .setParameter(2, person)
        .setParameter(3, kept)
        .executeUpdate();
  }

  private void touch(String id, Instant now) {
    store
        .createNativeQuery("update web_session set seen_at = ?1 where id = ?2")
        .setParameter(1, now)
        .setParameter(2, id)
        .executeUpdate();
  }

  private Duration longest(Level level) {
    return switch (level) {
      case PASSWORD -> HALF_WAY;
      case ENROLLING -> ENROLLING;
      case FULL -> config.longest();
    };
  }

  static SignedIn signedIn(Person person, String session, Level level, String address) {
    boolean full = level == Level.FULL;
    Caller caller =
        new Caller(
            person.id(),
            person.name(),
            full ? person.groups() : Set.of(),
            new Session(Session.Kind.PAGE, session),
            full ? EnumSet.allOf(Scope.class) : Set.of(),
            address);
    return new SignedIn(caller, person.user(), level);
  }

  private static SessionView view(Object[] row) {
    return new SessionView(
        (String) row[0],
        (String) row[1],
        (String) row[2],
        (Instant) row[3],
        (Instant) row[4],
        (Instant) row[5]);
  }
}

package dev.curfew.account;

import static jakarta.transaction.Transactional.TxType.MANDATORY;

import dev.curfew.Clocks;
import dev.curfew.identity.Caller;
import dev.curfew.identity.Scope;
import dev.curfew.identity.Session;
import dev.curfew.mfa.Hashes;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Personal tokens: shown once, stored hashed, scoped, ending; looked up at every call. */
@ApplicationScoped
public class Tokens {

  /** How a personal token begins, so that scanners find a leaked one. */
  public static final String PREFIX = "curfew_";

  private static final Duration SEEN_EACH = Duration.ofMinutes(1);
  private static final String LIVE = " ended_at is null and until > ?1";

  private final EntityManager store;
  private final People people;
  private final Clocks clocks;

  Tokens(EntityManager store, People people, Clocks clocks) {
    this.store = store;
    this.people = people;
    this.clocks = clocks;
  }

  /** Whom a personal token stands for now. */
  @Transactional
  public Optional<SignedIn> find(String secret, String address) {
    return found("secret_hash", Hashes.sha256(secret), address);
  }

  /** Whom a token stands for, by its id, as a signed short-lived token names it. */
  @Transactional
  public Optional<SignedIn> byId(String id, String address) {
    return found("id", id, address);
  }

  /** The live tokens of a person, the newest first. */
  @Transactional
  public List<TokenView> of(String person) {
    List<?> rows =
        store
            .createNativeQuery(
                "select id, name, scopes, created_at, seen_at, until from personal_token"
                    + " where person = ?2 and"
                    + LIVE
                    + " order by created_at desc, id")
            .setParameter(1, clocks.now())
            .setParameter(2, person)
            .getResultList();
    return rows.stream().map(Object[].class::cast).map(Tokens::view).toList();
  }

  @Transactional(MANDATORY)
  void keep(TokenView token, String person, String secret) {
    store
        .createNativeQuery(
            "insert into personal_token (id, secret_hash, person, name, scopes, created_at, until)"
                + " values (?1, ?2, ?3, ?4, ?5, ?6, ?7)")
        .setParameter(1, token.id())
        .setParameter(2, Hashes.sha256(secret))
        .setParameter(3, person)
        .setParameter(4, token.name())
        .setParameter(5, words(token.scopes()))
        .setParameter(6, token.since())
        .setParameter(7, token.until())
        .executeUpdate();
  }

  @Transactional(MANDATORY)
  boolean end(String person, String id) {
    return store
            .createNativeQuery(
                "update personal_token set ended_at = ?1"
                    + " where id = ?2 and person = ?3 and ended_at is null")
            .setParameter(1, clocks.now())
            .setParameter(2, id)
            .setParameter(3, person)
            .executeUpdate()
        == 1;
  }

  @Transactional(MANDATORY)
  int endAll(String person) {
    return store
        .createNativeQuery(
            "update personal_token set ended_at = ?1 where person = ?2 and ended_at is null")
        .setParameter(1, clocks.now())
        .setParameter(2, person)
        .executeUpdate();
  }

  private Optional<SignedIn> found(String column, String value, String address) {
    Instant now = clocks.now();
    List<?> rows =
        store
            .createNativeQuery(
                "select id, person, scopes, seen_at from personal_token where "
                    + column
                    + " = ?2 and"
                    + LIVE)
            .setParameter(1, now)
            .setParameter(2, value)
            .getResultList();
    if (rows.isEmpty()) {
      return Optional.empty();
    }
    Object[] row = (Object[]) rows.get(0);
    String id = (String) row[0];
    if (row[3] == null || ((Instant) row[3]).plus(SEEN_EACH).isBefore(now)) {
      touch(id, now);
    }
    return people
        .person((String) row[1])
        .filter(Person::enabled)
        .map(person -> signedIn(person, id, scopes((String) row[2]), address));
  }

  private void touch(String id, Instant now) {
    store
        .createNativeQuery("update personal_token set seen_at = ?1 where id = ?2")
        .setParameter(1, now)
        .setParameter(2, id)
        .executeUpdate();
  }

  private static SignedIn signedIn(Person person, String id, Set<Scope> scopes, String address) {
    Caller caller =
        new Caller(
            person.id(),
            person.name(),
            person.groups(),
            new Session(Session.Kind.TOKEN, id),
            scopes,
            address);
    return new SignedIn(caller, person.user(), Level.FULL);
  }

  /** For example {@code approve read}: the words of the API, sorted. */
  static String words(Set<Scope> scopes) {
    return scopes.stream()
        .map(scope -> scope.name().toLowerCase(Locale.ROOT))
        .sorted()
        .collect(Collectors.joining(" "));
  }

  static Set<Scope> scopes(String words) {
    return Arrays.stream(words.split(" "))
        .filter(word -> !word.isBlank())
        .map(word -> Scope.valueOf(word.toUpperCase(Locale.ROOT)))
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Scope.class)));
  }

  private static TokenView view(Object[] row) {
    return new TokenView(
        (String) row[0],
        (String) row[1],
        scopes((String) row[2]),
        (Instant) row[3],
        (Instant) row[4],
        (Instant) row[5]);
  }
}

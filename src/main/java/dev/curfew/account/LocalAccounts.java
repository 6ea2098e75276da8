package dev.curfew.account;

import static jakarta.transaction.Transactional.TxType.MANDATORY;

import dev.curfew.Clocks;
import dev.curfew.CurfewException;
import dev.curfew.Ids;
import dev.curfew.identity.Legible;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.text.Normalizer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The accounts whose issuer is this installation: a name, a password, and the person behind. */
@ApplicationScoped
@Transactional(MANDATORY)
class LocalAccounts {

  private static final String USER = "[a-z0-9][a-z0-9._-]{0,62}";
  static final String GROUP = "[a-z0-9][a-z0-9-]{0,62}";

  /**
   * @param person the person's id
   * @param passwordHash null when none is set
   */
  record Local(String person, String passwordHash) {}

  private final EntityManager store;
  private final Clocks clocks;

  LocalAccounts(EntityManager store, Clocks clocks) {
    this.store = store;
    this.clocks = clocks;
  }

  /** Names are compared byte for byte: no case folding, no trimming. */
  Optional<Local> find(String user) {
    List<?> rows =
        store
            .createNativeQuery(
                "select a.person, w.hash from account a"
                    + " join person p on p.id = a.person and p.enabled"
                    + " left join local_password w on w.person = a.person"
                    + " where a.iss = ?1 and a.sub = ?2")
            .setParameter(1, People.LOCAL)
            .setParameter(2, user)
            .getResultList();
    return rows.stream()
        .map(Object[].class::cast)
        .map(row -> new Local((String) row[0], (String) row[1]))
        .findFirst();
  }

  boolean isTaken(String user) {
    return !store
        .createNativeQuery("select 1 from account where iss = ?1 and sub = ?2")
        .setParameter(1, People.LOCAL)
        .setParameter(2, user)
        .getResultList()
        .isEmpty();
  }

  /** Refuses what {@link #add} would refuse. */
  @Transactional
  void requireFit(String user, String name, Set<String> groups) {
    requireUser(user);
    requireName(name);
    groups.forEach(LocalAccounts::requireGroup);
    if (isTaken(user)) {
      throw CurfewException.invalid("user", "this sign-in name is taken; choose another");
    }
  }

  /** A new person with a local account; refuses names that are taken or not fit. */
  Person add(String user, String name, Set<String> groups, boolean settled) {
    requireFit(user, name, groups);
    String shown = requireName(name);
    Instant now = clocks.now();
    StoredPerson person = new StoredPerson();
    person.id = Ids.next();
    person.name = shown;
    person.enabled = true;
    person.settled = settled;
    person.createdAt = now;
    person.persistAndFlush();
    store
        .createNativeQuery(
            "insert into account (iss, sub, person, linked_at) values (?1, ?2, ?3, ?4)")
        .setParameter(1, People.LOCAL)
        .setParameter(2, user)
        .setParameter(3, person.id)
        .setParameter(4, now)
        .executeUpdate();
    groups.forEach(group -> join(person.id, group, settled));
    return new Person(person.id, shown, user, true, new TreeSet<>(groups), now, settled);
  }

  void password(String person, Password password) {
    store
        .createNativeQuery(
            "insert into local_password (person, hash, changed_at) values (?1, ?2, ?3)"
                + " on conflict (person) do update set hash = ?2, changed_at = ?3")
        .setParameter(1, person)
        .setParameter(2, password.hash())
        .setParameter(3, clocks.now())
        .executeUpdate();
  }

  void forgetPassword(String person) {
    store
        .createNativeQuery("delete from local_password where person = ?1")
        .setParameter(1, person)
        .executeUpdate();
  }

  /** False when the person is in the group already. */
  boolean join(String person, String group, boolean settled) {
    requireGroup(group);
    return store
            .createNativeQuery(
                "insert into membership (person, group_name, since, settled)"
                    + " values (?1, ?2, ?3, ?4) on conflict do nothing")
            .setParameter(1, person)
            .setParameter(2, group)
            .setParameter(3, clocks.now())
            .setParameter(4, settled)
            .executeUpdate()
        == 1;
  }

  boolean leave(String person, String group) {
    return store
            .createNativeQuery("delete from membership where person = ?1 and group_name = ?2")
            .setParameter(1, person)
            .setParameter(2, group)
            .executeUpdate()
        == 1;
  }

  private static void requireUser(String user) {
    if (user == null || !user.matches(USER)) {
      throw CurfewException.invalid(
          "user",
          "a sign-in name has small letters, digits, dots, dashes and underscores, at most 63");
    }
  }

  static void requireGroup(String group) {
    if (group == null || !group.matches(GROUP)) {
      throw CurfewException.invalid(
          "group", "a group's name has small letters, digits and dashes, at most 63");
    }
  }

  private static String requireName(String name) {
    String shown = name == null ? "" : Normalizer.normalize(name.strip(), Normalizer.Form.NFC);
    boolean control =
        Legible.misleads(shown) || shown.codePoints().anyMatch(Character::isISOControl);
    if (Legible.isBlank(shown) || shown.codePointCount(0, shown.length()) > 100 || control) {
      throw CurfewException.invalid(
          "name", "a name has 1 to 100 characters that can be read, on one line");
    }
    return shown;
  }
}

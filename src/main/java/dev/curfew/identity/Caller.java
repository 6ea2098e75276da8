package dev.curfew.identity;

import java.util.Set;

/**
 * Who acts, for one call.
 *
 * @param person the person's id, or the name of a part of the broker ({@code broker}, {@code
 *     operator@host})
 * @param name what people see
 * @param groups the groups the person is in now
 * @param session what signed the caller in
 * @param scopes what that session may be used for
 * @param address where the call came from; empty for the broker itself
 */
public record Caller(
    String person,
    String name,
    Set<String> groups,
    Session session,
    Set<Scope> scopes,
    String address) {

  public Caller {
    groups = Set.copyOf(groups);
    scopes = Set.copyOf(scopes);
  }

  /** The broker acting by itself: a window ended, a job ran. */
  public static final Caller BROKER = host("broker", "Curfew");

  /** Somebody with the host's own rights, by a command of the jar. */
  public static Caller operator(String host) {
    return host("operator@" + host, "operator@" + host);
  }

  /** Somebody who is not signed in. */
  public static Caller stranger(String address) {
    return new Caller(
        "stranger",
        "Somebody not signed in",
        Set.of(),
        new Session(Session.Kind.NONE, ""),
        Set.of(),
        address);
  }

  private static Caller host(String person, String name) {
    return new Caller(
        person, name, Set.of(), new Session(Session.Kind.HOST, person), Set.of(Scope.values()), "");
  }

  public boolean has(Role role) {
    return groups.contains(role.group());
  }

  public boolean may(Scope scope) {
    return scopes.contains(scope);
  }

  /** Whether nothing the person may do is kept from this session. */
  public boolean mayAll() {
    return scopes.containsAll(Set.of(Scope.values()));
  }

  public boolean isStranger() {
    return session.kind() == Session.Kind.NONE;
  }

  public boolean is(String otherPerson) {
    return person.equals(otherPerson);
  }
}

package dev.curfew.web;

import dev.curfew.CurfewException;
import dev.curfew.identity.Scope;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The words of the API for what a token may be used for. */
public final class Scopes {

  private Scopes() {}

  /** From words such as {@code read}; null is none. */
  public static Set<Scope> of(Collection<String> words) {
    Set<Scope> scopes = EnumSet.noneOf(Scope.class);
    for (String word : words == null ? List.<String>of() : words) {
      scopes.add(one(word));
    }
    return scopes;
  }

  public static List<String> words(Set<Scope> scopes) {
    return scopes.stream().map(scope -> scope.name().toLowerCase(Locale.ROOT)).sorted().toList();
  }

  private static Scope one(String word) {
    for (Scope scope : Scope.values()) {
      if (scope.name().toLowerCase(Locale.ROOT).equals(word)) {
        return scope;
      }
    }
    throw CurfewException.invalid("scopes", "scopes are read, request, approve and admin");
  }
}

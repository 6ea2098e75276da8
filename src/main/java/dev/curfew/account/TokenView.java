package dev.curfew.account;

import dev.curfew.identity.Scope;
import java.time.Instant;
import java.util.Set;

/** A personal token, for its owner; {@code seenAt} is null when it was never used. */
public record TokenView(
    String id, String name, Set<Scope> scopes, Instant since, Instant seenAt, Instant until) {

  /** For example {@code read request}. */
  public String scopeWords() {
    return Tokens.words(scopes);
  }
}

package dev.curfew.account;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** Knows people by what they carry: a cookie at the pages, a bearer at the API. */
@ApplicationScoped
public class Doorkeeper {

  private static final int LONGEST = 4096;

  private final Sessions sessions;
  private final Tokens tokens;
  private final ShortTokens shortTokens;

  Doorkeeper(Sessions sessions, Tokens tokens, ShortTokens shortTokens) {
    this.sessions = sessions;
    this.tokens = tokens;
    this.shortTokens = shortTokens;
  }

  public Optional<SignedIn> byCookie(String secret, String address) {
    return fits(secret) ? sessions.find(secret, address) : Optional.empty();
  }

  /** A personal token, or the JWT it was traded for. */
  public Optional<SignedIn> byBearer(String bearer, String address) {
    if (!fits(bearer)) {
      return Optional.empty();
    }
    return bearer.startsWith(Tokens.PREFIX)
        ? tokens.find(bearer, address)
        : shortTokens.find(bearer, address);
  }

  private static boolean fits(String secret) {
    return secret != null && !secret.isBlank() && secret.length() <= LONGEST;
  }
}

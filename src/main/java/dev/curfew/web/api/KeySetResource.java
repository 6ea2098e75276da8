package dev.curfew.web.api;

import dev.curfew.account.ShortTokens;
import dev.curfew.web.Public;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** The public keys that short-lived tokens can be checked by. */
@Path("/.well-known/jwks.json")
public class KeySetResource {

  private final ShortTokens tokens;

  KeySetResource(ShortTokens tokens) {
    this.tokens = tokens;
  }

  @GET
  @Public
  @Produces(MediaType.APPLICATION_JSON)
  public String keys() {
    return tokens.keySet();
  }
}

package dev.curfew.request;

import dev.curfew.identity.Caller;
import dev.curfew.mfa.Offered;
import jakarta.enterprise.context.ApplicationScoped;

/** Disables a person: sessions, tokens, open requests, votes and live grants end in one act. */
@ApplicationScoped
public class OffboardFlow {

  public void disable(Caller caller, String person, Offered offered) {
    throw new UnsupportedOperationException();
  }
}

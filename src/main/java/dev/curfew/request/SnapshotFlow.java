package dev.curfew.request;

import dev.curfew.identity.Caller;
import dev.curfew.mfa.Offered;
import jakarta.enterprise.context.ApplicationScoped;

/** Accepts packs and rules that files propose. */
@ApplicationScoped
public class SnapshotFlow {

  public void accept(Caller caller, String digest, Offered offered) {
    throw new UnsupportedOperationException();
  }
}

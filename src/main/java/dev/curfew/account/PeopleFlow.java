package dev.curfew.account;

import dev.curfew.identity.Caller;
import dev.curfew.mfa.Offered;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;

/** An administrator's acts on people and groups, each with a proof. */
@ApplicationScoped
public class PeopleFlow {

  /** Who to add. */
  public record Add(String user, String name, Set<String> groups) {}

  /** Adds a person and answers the one-time link by which they enrol. */
  public Link add(Caller caller, Add add, Offered offered) {
    throw new UnsupportedOperationException();
  }

  /** Takes password, keys, codes, sessions and tokens from somebody and answers a new link. */
  public Link reset(Caller caller, String person, Offered offered) {
    throw new UnsupportedOperationException();
  }

  public void join(Caller caller, String person, String group, Offered offered) {
    throw new UnsupportedOperationException();
  }

  public void leave(Caller caller, String person, String group, Offered offered) {
    throw new UnsupportedOperationException();
  }

  /**
   * The account's part of disabling somebody, in the transaction of the flow that does the rest:
   * ends sessions, tokens and links and closes the account. Proof and entry of the whole act are
   * that flow's; this writes {@code person-disabled}.
   */
  public void disable(Caller caller, String person) {
    throw new UnsupportedOperationException();
  }
}

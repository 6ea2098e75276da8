package dev.curfew.web;

import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.identity.Caller;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Named;
import java.util.Optional;

/**
 * Who makes this call. Pages know a caller by the session cookie, {@code /api} by a bearer; neither
 * looks at the other's.
 */
@RequestScoped
@Named("current")
public class CurrentCaller {

  /** The person who signed in with both factors, if somebody did. */
  public Optional<Caller> find() {
    return Optional.empty();
  }

  /**
   * @throws CurfewException SIGN_IN_REQUIRED, or SECOND_FACTOR_REQUIRED after a password alone
   */
  public Caller caller() {
    return find()
        .orElseThrow(() -> new CurfewException(Fault.SIGN_IN_REQUIRED, "sign in to go on"));
  }

  /** What a page's form must carry as {@code _csrf}; empty when nobody is signed in. */
  public String csrf() {
    return "";
  }
}

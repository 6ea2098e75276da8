package dev.curfew.web;

import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.account.Doorkeeper;
import dev.curfew.account.Level;
import dev.curfew.account.Opened;
import dev.curfew.account.SignedIn;
import dev.curfew.account.Visitor;
import dev.curfew.identity.Caller;
import dev.curfew.identity.Scope;
import dev.curfew.mfa.Hashes;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Named;
import java.util.Optional;

/**
 * Who makes this call. Pages know a caller by the session cookie, {@code /api} by a bearer; neither
 * looks at the other's. Looked up once per call, when somebody asks.
 */
@RequestScoped
@Named("current")
public class CurrentCaller {

  private final CurrentVertxRequest request;
  private final Doorkeeper doorkeeper;
  private final SessionCookie cookie;
  private Optional<SignedIn> found;
  private String secret = "";

  CurrentCaller(CurrentVertxRequest request, Doorkeeper doorkeeper, SessionCookie cookie) {
    this.request = request;
    this.doorkeeper = doorkeeper;
    this.cookie = cookie;
  }

  /** The person who signed in with both factors, if somebody did. */
  public Optional<Caller> find() {
    return signedIn().filter(SignedIn::isFull).map(SignedIn::caller);
  }

  /**
   * @throws CurfewException SIGN_IN_REQUIRED, or SECOND_FACTOR_REQUIRED after a password alone
   */
  public Caller caller() {
    SignedIn who = halfWay();
    if (!who.isFull()) {
      throw new CurfewException(
          Fault.SECOND_FACTOR_REQUIRED,
          who.level() == Level.PASSWORD
              ? "show your second factor to go on"
              : "enrol a second factor to go on");
    }
    return who.caller();
  }

  /**
   * The caller of something that only reads.
   *
   * @throws CurfewException as {@link #caller}, and NOT_ALLOWED for a token without that scope
   */
  public Caller reader() {
    Caller caller = caller();
    if (!caller.may(Scope.READ)) {
      throw new CurfewException(
          Fault.NOT_ALLOWED, "this token may not do that; make one with the scope read");
    }
    return caller;
  }

  /** Whoever is at least half-way in: for the pages that lead in, and for nothing else. */
  public SignedIn halfWay() {
    return signedIn()
        .orElseThrow(() -> new CurfewException(Fault.SIGN_IN_REQUIRED, "sign in to go on"));
  }

  public Optional<SignedIn> signedIn() {
    if (found == null) {
      found = Doors.isApi(call()) ? byBearer() : byCookie();
    }
    return found;
  }

  /** What a page's form must carry as {@code _csrf}; empty when nobody is signed in. */
  public String csrf() {
    return signedIn().isEmpty() || secret.isEmpty() ? "" : Hashes.sha256("csrf " + secret);
  }

  /** The call goes on as whom it just signed in. */
  public void become(Opened opened) {
    found = Optional.of(opened.who());
    secret = opened.secret();
  }

  /** What an API call came with; null when it came without. */
  public String bearer() {
    return Doors.bearer(call());
  }

  /** Nobody is asked any more who this is: the store could not say. */
  void nobody() {
    found = Optional.empty();
  }

  /** The browser behind this call. */
  public Visitor visitor() {
    return new Visitor(Doors.address(call()), call().request().getHeader("User-Agent"));
  }

  private Optional<SignedIn> byCookie() {
    secret = cookie.in(call()).orElse("");
    return doorkeeper.byCookie(secret, Doors.address(call()));
  }

  private Optional<SignedIn> byBearer() {
    return doorkeeper.byBearer(Doors.bearer(call()), Doors.address(call()));
  }

  private RoutingContext call() {
    return request.getCurrent();
  }
}

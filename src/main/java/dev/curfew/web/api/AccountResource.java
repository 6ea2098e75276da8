package dev.curfew.web.api;

import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.account.PasswordFlow;
import dev.curfew.account.People;
import dev.curfew.account.Person;
import dev.curfew.account.SessionView;
import dev.curfew.account.Sessions;
import dev.curfew.account.ShortTokens;
import dev.curfew.account.SignInFlow;
import dev.curfew.account.TokenFlow;
import dev.curfew.account.TokenView;
import dev.curfew.account.Tokens;
import dev.curfew.identity.Caller;
import dev.curfew.mfa.Act;
import dev.curfew.mfa.Factors;
import dev.curfew.mfa.Keys;
import dev.curfew.mfa.Proofs;
import dev.curfew.web.ChallengeAnswer;
import dev.curfew.web.CurrentCaller;
import dev.curfew.web.ProofBody;
import dev.curfew.web.Scopes;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestPath;

/** Who is calling, the challenges for proofs, and the caller's own sessions and tokens. */
@Path("/api/v1")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class AccountResource {

  /** The caller as this call sees them. */
  public record Me(
      String person,
      String name,
      String user,
      Set<String> groups,
      List<String> scopes,
      String session,
      boolean passkeys,
      boolean codes) {}

  /** The act a proof is wanted for, with the body of its call. */
  public record Wanted(String act, Map<String, Object> body) {}

  /** A short-lived token; send it as the bearer. */
  public record Traded(String token, Instant until) {

    @Override
    public String toString() {
      return "Traded[redacted]";
    }
  }

  /** A personal token; its secret is shown when it is made and never again. */
  public record Token(
      String id, String name, List<String> scopes, Instant since, Instant seenAt, Instant until) {

    static Token of(TokenView token) {
      return new Token(
          token.id(),
          token.name(),
          Scopes.words(token.scopes()),
          token.since(),
          token.seenAt(),
          token.until());
    }
  }

  /** What to make; {@code days} is how long it lives. */
  public record NewToken(String name, List<String> scopes, int days, ProofBody proof) {}

  /** A new token with its secret. */
  public record MadeToken(Token token, String secret) {

    @Override
    public String toString() {
      return "MadeToken[redacted]";
    }
  }

  /** The caller's old password and the new one; the proof's act has no fields. */
  public record NewPassword(String old, String chosen, ProofBody proof) {

    @Override
    public String toString() {
      return "NewPassword[redacted]";
    }
  }

  private final CurrentCaller current;
  private final People people;
  private final Keys keys;
  private final Proofs proofs;
  private final ShortTokens shortTokens;
  private final Tokens tokens;
  private final TokenFlow tokenFlow;
  private final Sessions sessions;
  private final SignInFlow signIn;
  private final PasswordFlow password;

  AccountResource(
      CurrentCaller current,
      People people,
      Keys keys,
      Proofs proofs,
      ShortTokens shortTokens,
      Tokens tokens,
      TokenFlow tokenFlow,
      Sessions sessions,
      SignInFlow signIn,
      PasswordFlow password) {
    this.current = current;
    this.people = people;
    this.keys = keys;
    this.proofs = proofs;
    this.shortTokens = shortTokens;
    this.tokens = tokens;
    this.tokenFlow = tokenFlow;
    this.sessions = sessions;
    this.signIn = signIn;
    this.password = password;
  }

  @GET
  @Path("me")
  public Me me() {
    Caller caller = current.caller();
    Person person = people.mustBe(caller.person());
    Factors factors = keys.of(person.id());
    return new Me(
        person.id(),
        person.name(),
        person.user(),
        person.groups(),
        Scopes.words(caller.scopes()),
        caller.session().id(),
        !factors.passkeys().isEmpty(),
        factors.codes());
  }

  /** A challenge over exactly this act, for this token, good for 120 seconds. */
  @POST
  @Path("proofs")
  public ChallengeAnswer challenge(Wanted body) {
    Wanted wanted = Body.required(body);
    Act act = Act.of(wanted.act(), wanted.body() == null ? Map.of() : wanted.body());
    return ChallengeAnswer.of(proofs.challenge(current.caller(), act));
  }

  /** Trades the personal token of this call for a JWT of ten minutes. */
  @POST
  @Path("token")
  @Consumes(MediaType.WILDCARD)
  public Traded trade() {
    ShortTokens.Short traded = shortTokens.trade(current.caller(), current.bearer());
    return new Traded(traded.token(), traded.until());
  }

  @GET
  @Path("tokens")
  public List<Token> tokens() {
    return tokens.of(current.reader().person()).stream().map(Token::of).toList();
  }

  @POST
  @Path("tokens")
  @ResponseStatus(201)
  public MadeToken create(NewToken body, @RestHeader("Idempotency-Key") String idempotencyKey) {
    if (idempotencyKey != null && !idempotencyKey.isBlank()) {
      throw new CurfewException(
          Fault.NOT_REPEATABLE,
          "a token is shown once and its making is never repeated; leave the Idempotency-Key out");
    }
    NewToken wish = Body.required(body);
    TokenFlow.Made made =
        tokenFlow.create(
            current.caller(),
            new TokenFlow.NewToken(wish.name(), Scopes.of(wish.scopes()), wish.days()),
            ProofBody.offered(wish.proof()));
    return new MadeToken(Token.of(made.token()), made.secret());
  }

  /** Ends a token, and the short-lived ones it was traded for. */
  @DELETE
  @Path("tokens/{token}")
  public void end(@RestPath String token) {
    tokenFlow.end(current.caller(), token);
  }

  @GET
  @Path("sessions")
  public List<SessionView> sessions() {
    return sessions.of(current.reader().person());
  }

  @DELETE
  @Path("sessions/{session}")
  public void endSession(@RestPath String session) {
    signIn.end(current.caller(), session);
  }

  /** Ends every session and every token of the caller, this one too. */
  @DELETE
  @Path("sessions")
  public void endAll() {
    signIn.everywhere(current.caller());
  }

  /** Changes the caller's own password and ends their sessions in browsers; tokens stay. */
  @POST
  @Path("password")
  public void password(NewPassword body) {
    NewPassword wish = Body.required(body);
    password.change(
        current.caller(),
        current.halfWay().user(),
        new PasswordFlow.Change(wish.old(), wish.chosen()),
        ProofBody.offered(wish.proof()));
  }

  /** Ends the token of this call. */
  @POST
  @Path("sign-out")
  @Consumes(MediaType.WILDCARD)
  public void signOut() {
    signIn.out(current.caller());
  }
}

package dev.curfew.account;

import dev.curfew.Clocks;
import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.Ids;
import dev.curfew.audit.Audit;
import dev.curfew.audit.Entry;
import dev.curfew.audit.Kind;
import dev.curfew.audit.Recorded;
import dev.curfew.identity.Caller;
import dev.curfew.identity.Scope;
import dev.curfew.mfa.Act;
import dev.curfew.mfa.Hashes;
import dev.curfew.mfa.MfaConfig;
import dev.curfew.mfa.Need;
import dev.curfew.mfa.Offered;
import dev.curfew.mfa.Proof;
import dev.curfew.mfa.Proofs;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/** Makes and ends personal tokens. */
@ApplicationScoped
public class TokenFlow {

  /**
   * @param days how long it lives
   */
  public record NewToken(String name, Set<Scope> scopes, int days) {

    public NewToken {
      name = name == null ? "" : name.strip();
      if (name.isEmpty() || name.codePointCount(0, name.length()) > 60) {
        throw CurfewException.invalid(
            "name", "name what will use the token, in 1 to 60 characters");
      }
      if (scopes == null || scopes.isEmpty()) {
        throw CurfewException.invalid(
            "scopes", "choose at least one of read, request, approve, admin");
      }
      scopes = Set.copyOf(scopes);
    }

    /** Exactly this token, as its proof is bound to it: {@code scopes} sorted, by a space. */
    public Act act() {
      return Act.of("token-create")
          .with("name", name)
          .with("scopes", Tokens.words(scopes))
          .with("days", days);
    }
  }

  /** A new token; {@code secret} is shown this once. */
  public record Made(TokenView token, String secret) {

    @Override
    public String toString() {
      return "Made[" + token.id() + "]";
    }
  }

  private final Tokens tokens;
  private final Proofs proofs;
  private final AccountConfig config;
  private final MfaConfig mfa;
  private final Clocks clocks;
  private final Audit audit;

  TokenFlow(
      Tokens tokens,
      Proofs proofs,
      AccountConfig config,
      MfaConfig mfa,
      Clocks clocks,
      Audit audit) {
    this.tokens = tokens;
    this.proofs = proofs;
    this.config = config;
    this.mfa = mfa;
    this.clocks = clocks;
    this.audit = audit;
  }

  /** A token can do no more than the session that makes it. */
  @Recorded("token-create")
  public Made create(Caller caller, NewToken wish, Offered offered) {
    if (wish.days() < 1 || wish.days() > config.longestToken().toDays()) {
      throw CurfewException.invalid(
          "days", "a token lives 1 to " + config.longestToken().toDays() + " days");
    }
    if (!caller.scopes().containsAll(wish.scopes())) {
      throw new CurfewException(
          Fault.NOT_ALLOWED, "a token cannot make one that may do more than itself");
    }
    Proof proof = proofs.spend(caller, wish.act(), need(wish), offered);
    return QuarkusTransaction.requiringNew().call(() -> made(caller, wish, proof));
  }

  /** A token outlives what recovered the account, so what administers waits for it to settle. */
  private Need need(NewToken wish) {
    boolean acceptCode = mfa.adminAcceptCode();
    return wish.scopes().contains(Scope.ADMIN) ? Need.admin(acceptCode) : Need.atOnce(acceptCode);
  }

  private Made made(Caller caller, NewToken wish, Proof proof) {
    proofs.consume(proof);
    Instant now = clocks.now();
    String secret = Tokens.PREFIX + Hashes.secret();
    TokenView token =
        new TokenView(
            Ids.next(),
            wish.name(),
            wish.scopes(),
            now,
            null,
            now.plus(Duration.ofDays(wish.days())));
    tokens.keep(token, caller.person(), secret);
    audit.record(
        Entry.of(Kind.TOKEN_CREATED, caller)
            .subject(caller.person())
            .with("name", token.name())
            .with("token", token.id())
            .with("scopes", Tokens.words(token.scopes()))
            .with("until", token.until().toString())
            .with(proof.proven()));
    return new Made(token, secret);
  }

  /** A narrow token may end itself, but not what else its person works with. */
  static void requireAll(Caller caller) {
    if (!caller.mayAll()) {
      throw new CurfewException(
          Fault.NOT_ALLOWED,
          "sessions and tokens are ended in the browser, or by a token with every scope");
    }
  }

  /** Ends a token of the caller, and with it what it was traded for. */
  @Recorded("token-end")
  @Transactional
  public void end(Caller caller, String token) {
    if (!caller.session().id().equals(token)) {
      requireAll(caller);
    }
    TokenView found =
        tokens.of(caller.person()).stream()
            .filter(live -> live.id().equals(token))
            .findFirst()
            .orElseThrow(() -> CurfewException.notFound("token"));
    if (!tokens.end(caller.person(), token)) {
      throw CurfewException.notFound("token"); // another call ended it meanwhile
    }
    audit.record(
        Entry.of(Kind.TOKEN_ENDED, caller)
            .subject(caller.person())
            .with("name", found.name())
            .with("token", token));
  }
}

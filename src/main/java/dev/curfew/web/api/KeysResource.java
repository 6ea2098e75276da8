package dev.curfew.web.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.curfew.mfa.Enrolment;
import dev.curfew.mfa.Key;
import dev.curfew.mfa.Keys;
import dev.curfew.mfa.KeysFlow;
import dev.curfew.web.ChallengeAnswer;
import dev.curfew.web.CurrentCaller;
import dev.curfew.web.ProofBody;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jboss.resteasy.reactive.RestPath;

/** The caller's own second factors; a change needs a token with every scope, and a proof. */
@Path("/api/v1/keys")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class KeysResource {

  /** What the caller has; {@code codesSince} is null without an authenticator app. */
  public record Mine(List<Key> passkeys, Instant codesSince, int recoveryCodes) {}

  /** What a browser or an authenticator made of the options. */
  public record NewKey(String name, String nonce, JsonNode credential, ProofBody proof) {}

  /** The first code of the app whose seed was drafted. */
  public record FirstCode(String code, ProofBody proof) {}

  /** A call that brings a proof and nothing else. */
  public record Proved(ProofBody proof) {}

  /** Shown this once; empty when the person has some. */
  public record RecoveryCodes(List<String> recoveryCodes) {

    @Override
    public String toString() {
      return "RecoveryCodes[redacted]";
    }
  }

  private final KeysFlow flow;
  private final Keys keys;
  private final CurrentCaller current;

  KeysResource(KeysFlow flow, Keys keys, CurrentCaller current) {
    this.flow = flow;
    this.keys = keys;
    this.current = current;
  }

  @GET
  public Mine mine() {
    var factors = keys.of(current.reader().person());
    return new Mine(factors.passkeys(), factors.codesSince(), factors.recoveryCodes());
  }

  /** Options to make a passkey with, good for 120 seconds. */
  @POST
  @Path("options")
  @Consumes(MediaType.WILDCARD)
  public ChallengeAnswer options() {
    return ChallengeAnswer.of(flow.startPasskey(current.caller(), current.halfWay().user()));
  }

  @POST
  @ResponseStatus(201)
  public RecoveryCodes add(NewKey body) {
    NewKey key = Body.required(body);
    String credential = key.credential() == null ? null : key.credential().toString();
    return new RecoveryCodes(
        flow.addPasskey(
            current.caller(),
            current.halfWay().user(),
            new Enrolment.NewPasskey(key.nonce(), credential, key.name()),
            ProofBody.offered(key.proof())));
  }

  @POST
  @Path("{key}/removal")
  public void remove(@RestPath String key, Proved body) {
    flow.removePasskey(current.caller(), key, ProofBody.offered(Body.required(body).proof()));
  }

  /** A seed for an authenticator app; it counts once its first code is sent to {@code codes}. */
  @POST
  @Path("codes/draft")
  @Consumes(MediaType.WILDCARD)
  public Enrolment.Draft draftCodes() {
    return flow.draftCodes(current.caller(), current.halfWay().user());
  }

  @POST
  @Path("codes")
  @ResponseStatus(201)
  public RecoveryCodes addCodes(FirstCode body) {
    FirstCode first = Body.required(body);
    return new RecoveryCodes(
        flow.addCodes(current.caller(), first.code(), ProofBody.offered(first.proof())));
  }

  @POST
  @Path("codes/removal")
  public void removeCodes(Proved body) {
    flow.removeCodes(current.caller(), ProofBody.offered(Body.required(body).proof()));
  }

  @POST
  @Path("recovery-codes")
  @ResponseStatus(201)
  public RecoveryCodes renew(Proved body) {
    return new RecoveryCodes(
        flow.renewRecoveryCodes(current.caller(), ProofBody.offered(Body.required(body).proof())));
  }
}

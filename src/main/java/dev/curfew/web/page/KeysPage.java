package dev.curfew.web.page;

import dev.curfew.CurfewException;
import dev.curfew.account.PasswordFlow;
import dev.curfew.account.SessionView;
import dev.curfew.account.Sessions;
import dev.curfew.account.SignInFlow;
import dev.curfew.account.TokenFlow;
import dev.curfew.account.TokenView;
import dev.curfew.account.Tokens;
import dev.curfew.identity.Caller;
import dev.curfew.mfa.Enrolment;
import dev.curfew.mfa.Factors;
import dev.curfew.mfa.Keys;
import dev.curfew.mfa.KeysFlow;
import dev.curfew.mfa.QrCode;
import dev.curfew.web.ChallengeAnswer;
import dev.curfew.web.CurrentCaller;
import dev.curfew.web.ProofForm;
import dev.curfew.web.Scopes;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.RawString;
import io.quarkus.qute.TemplateInstance;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.function.Supplier;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;

/** A person's own security keys, codes, tokens and sessions. */
@Path("/keys")
@Consumes(MediaType.APPLICATION_FORM_URLENCODED)
public class KeysPage {

  @CheckedTemplate(basePath = "", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
  static class Templates {
    static native TemplateInstance keys(
        Notice notice,
        Factors factors,
        List<TokenView> tokens,
        List<SessionView> sessions,
        String session);

    static native TemplateInstance keysCodes(Notice notice, RawString svg, String secret);

    static native TemplateInstance tokenMade(TokenFlow.Made made);
  }

  private final KeysFlow keysFlow;
  private final PasswordFlow passwordFlow;
  private final TokenFlow tokenFlow;
  private final SignInFlow signIn;
  private final Enrolment enrolment;
  private final Keys keys;
  private final Tokens tokens;
  private final Sessions sessions;
  private final CurrentCaller current;

  KeysPage(
      KeysFlow keysFlow,
      PasswordFlow passwordFlow,
      TokenFlow tokenFlow,
      SignInFlow signIn,
      Enrolment enrolment,
      Keys keys,
      Tokens tokens,
      Sessions sessions,
      CurrentCaller current) {
    this.keysFlow = keysFlow;
    this.passwordFlow = passwordFlow;
    this.tokenFlow = tokenFlow;
    this.signIn = signIn;
    this.enrolment = enrolment;
    this.keys = keys;
    this.tokens = tokens;
    this.sessions = sessions;
    this.current = current;
  }

  @GET
  public TemplateInstance show(@RestQuery String done) {
    return page(done(done));
  }

  @POST
  @Path("passkey-options")
  @Produces(MediaType.APPLICATION_JSON)
  public ChallengeAnswer options() {
    return ChallengeAnswer.of(enrolment.startPasskey(current.caller(), current.halfWay().user()));
  }

  @POST
  public Response addPasskey(
      @RestForm String name,
      @RestForm("credential_nonce") String nonce,
      @RestForm String credential,
      @BeanParam ProofForm proof) {
    return orAgain(
        () ->
            shown(
                keysFlow.addPasskey(
                    current.caller(),
                    current.halfWay().user(),
                    new Enrolment.NewPasskey(nonce, credential, name),
                    proof.offered()),
                "key-added"));
  }

  @POST
  @Path("{key}/remove")
  public Response removePasskey(@RestPath String key, @BeanParam ProofForm proof) {
    return orAgain(
        () -> {
          keysFlow.removePasskey(current.caller(), key, proof.offered());
          return Away.to("/keys?done=key-removed");
        });
  }

  @GET
  @Path("codes")
  public TemplateInstance codes() {
    return codes(null);
  }

  @POST
  @Path("codes")
  public Response addCodes(@RestForm String code, @BeanParam ProofForm proof) {
    try {
      return shown(keysFlow.addCodes(current.caller(), code, proof.offered()), "codes-added");
    } catch (CurfewException refusal) {
      return Away.refused(refusal, codes(Notice.of(refusal)));
    }
  }

  @POST
  @Path("codes/remove")
  public Response removeCodes(@BeanParam ProofForm proof) {
    return orAgain(
        () -> {
          keysFlow.removeCodes(current.caller(), proof.offered());
          return Away.to("/keys?done=codes-removed");
        });
  }

  @POST
  @Path("recovery")
  public Response renewRecoveryCodes(@BeanParam ProofForm proof) {
    return orAgain(
        () -> shown(keysFlow.renewRecoveryCodes(current.caller(), proof.offered()), "renewed"));
  }

  @POST
  @Path("password")
  public Response changePassword(
      @RestForm String old,
      @RestForm String password,
      @RestForm String again,
      @BeanParam ProofForm proof) {
    return orAgain(
        () -> {
          EnrolPage.requireSame(password, again);
          passwordFlow.change(
              current.caller(),
              current.halfWay().user(),
              new PasswordFlow.Change(old, password),
              proof.offered());
          return Away.to("/keys?done=password");
        });
  }

  @POST
  @Path("tokens")
  public Response createToken(
      @RestForm String name,
      @RestForm List<String> scopes,
      @RestForm int days,
      @BeanParam ProofForm proof) {
    return orAgain(
        () ->
            Away.page(
                200,
                Templates.tokenMade(
                    tokenFlow.create(
                        current.caller(),
                        new TokenFlow.NewToken(name, Scopes.of(scopes), days),
                        proof.offered()))));
  }

  @POST
  @Path("tokens/{token}/end")
  public Response endToken(@RestPath String token) {
    tokenFlow.end(current.caller(), token);
    return Away.to("/keys?done=token-ended");
  }

  @POST
  @Path("sessions/{session}/end")
  public Response endSession(@RestPath String session) {
    signIn.end(current.caller(), session);
    return Away.to("/keys?done=session-ended");
  }

  private Response orAgain(Supplier<Response> act) {
    try {
      return act.get();
    } catch (CurfewException refusal) {
      return Away.refused(refusal, page(Notice.of(refusal)));
    }
  }

  private static Response shown(List<String> recoveryCodes, String done) {
    return recoveryCodes.isEmpty()
        ? Away.to("/keys?done=" + done)
        : Away.page(200, EnrolPage.Templates.recoveryCodes(recoveryCodes, "/keys?done=" + done));
  }

  private TemplateInstance page(Notice notice) {
    Caller caller = current.caller();
    return Templates.keys(
        notice,
        keys.of(caller.person()),
        tokens.of(caller.person()),
        sessions.of(caller.person()),
        caller.session().id());
  }

  private TemplateInstance codes(Notice notice) {
    Enrolment.Draft draft = enrolment.draftCodes(current.caller(), current.halfWay().user());
    return Templates.keysCodes(
        notice,
        new RawString(QrCode.svg(draft.uri(), "QR code for your authenticator app")),
        draft.secret());
  }

  private static Notice done(String word) {
    return switch (word == null ? "" : word) {
      case "key-added" -> Notice.good("The passkey is added.", "");
      case "key-removed" -> Notice.good("The passkey is removed.", "Delete it on your device too.");
      case "codes-added" -> Notice.good("The authenticator app is added.", "");
      case "codes-removed" -> Notice.good("The authenticator app is removed.", "");
      case "renewed" ->
          Notice.good("You have new recovery codes.", "The old ones are worth nothing.");
      case "password" ->
          Notice.good(
              "Your password is changed.",
              "Your other browsers are signed out; tokens go on until you end them.");
      case "token-ended" -> Notice.good("The token has ended.", "");
      case "session-ended" -> Notice.good("That session has ended.", "");
      default -> null;
    };
  }
}

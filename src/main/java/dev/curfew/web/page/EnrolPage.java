package dev.curfew.web.page;

import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.account.EnrolFlow;
import dev.curfew.account.Level;
import dev.curfew.account.SignedIn;
import dev.curfew.mfa.Enrolment;
import dev.curfew.mfa.QrCode;
import dev.curfew.web.ChallengeAnswer;
import dev.curfew.web.CurrentCaller;
import dev.curfew.web.Public;
import dev.curfew.web.SessionCookie;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.RawString;
import io.quarkus.qute.TemplateInstance;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.List;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;

/** Enrolling a second factor, by a one-time link or after a recovery code. */
@Public
@Path("/enrol")
@Consumes(MediaType.APPLICATION_FORM_URLENCODED)
public class EnrolPage {

  @CheckedTemplate(basePath = "", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
  static class Templates {
    static native TemplateInstance enrolLink(
        Notice notice, EnrolFlow.Welcome welcome, String secret);

    static native TemplateInstance enrol(Notice notice, String name, RawString svg, String secret);

    static native TemplateInstance recoveryCodes(List<String> codes, String next);
  }

  private final EnrolFlow flow;
  private final Enrolment enrolment;
  private final CurrentCaller current;
  private final SessionCookie cookie;

  EnrolPage(EnrolFlow flow, Enrolment enrolment, CurrentCaller current, SessionCookie cookie) {
    this.flow = flow;
    this.enrolment = enrolment;
    this.current = current;
    this.cookie = cookie;
  }

  /** Shows whom the link is for. Previewing it changes nothing. */
  @GET
  @Path("{secret}")
  public TemplateInstance welcome(@RestPath String secret) {
    return Templates.enrolLink(null, look(secret), secret);
  }

  @POST
  @Path("{secret}")
  public Response open(@RestPath String secret, @RestForm String password, @RestForm String again) {
    try {
      boolean chooses = flow.look(secret).filter(link -> !link.opened()).isPresent();
      if (chooses) {
        requireSame(password, again);
      }
      return Response.seeOther(URI.create("/enrol"))
          .cookie(cookie.of(flow.open(secret, password, current.visitor())))
          .build();
    } catch (CurfewException refusal) {
      return Away.refused(refusal, Templates.enrolLink(Notice.of(refusal), look(secret), secret));
    }
  }

  @GET
  public Response show() {
    SignedIn who = current.halfWay();
    return switch (who.level()) {
      case FULL -> Away.to("/keys");
      case PASSWORD -> Away.to("/sign-in/second");
      case ENROLLING -> Away.page(200, choices(who, null));
    };
  }

  @POST
  @Path("passkey-options")
  @Produces(MediaType.APPLICATION_JSON)
  public ChallengeAnswer options() {
    SignedIn who = enrolling();
    return ChallengeAnswer.of(enrolment.startPasskey(who.caller(), who.user()));
  }

  @POST
  @Path("passkey")
  public Response passkey(
      @RestForm String name,
      @RestForm("credential_nonce") String nonce,
      @RestForm String credential) {
    SignedIn who = enrolling();
    try {
      return done(flow.passkey(who, new Enrolment.NewPasskey(nonce, credential, name)));
    } catch (CurfewException refusal) {
      return Away.refused(refusal, choices(who, Notice.of(refusal)));
    }
  }

  @POST
  @Path("codes")
  public Response codes(@RestForm String code) {
    SignedIn who = enrolling();
    try {
      return done(flow.codes(who, code));
    } catch (CurfewException refusal) {
      return Away.refused(refusal, choices(who, Notice.of(refusal)));
    }
  }

  private Response done(EnrolFlow.Enrolled enrolled) {
    current.become(enrolled.opened());
    Response answer =
        enrolled.recoveryCodes().isEmpty()
            ? Away.to("/")
            : Away.page(200, Templates.recoveryCodes(enrolled.recoveryCodes(), "/"));
    return Response.fromResponse(answer).cookie(cookie.of(enrolled.opened())).build();
  }

  private TemplateInstance choices(SignedIn who, Notice notice) {
    Enrolment.Draft draft = enrolment.draftCodes(who.caller(), who.user());
    return Templates.enrol(
        notice,
        who.caller().name(),
        new RawString(QrCode.svg(draft.uri(), "QR code for your authenticator app")),
        draft.secret());
  }

  private SignedIn enrolling() {
    SignedIn who = current.halfWay();
    if (who.level() != Level.ENROLLING) {
      throw new CurfewException(Fault.SECOND_FACTOR_REQUIRED, "show your second factor to go on");
    }
    return who;
  }

  private EnrolFlow.Welcome look(String secret) {
    return flow.look(secret)
        .orElseThrow(
            () ->
                new CurfewException(
                    Fault.NOT_FOUND,
                    "this link was used, is older than 24 hours or never was; ask an administrator"
                        + " for a new one"));
  }

  static void requireSame(String password, String again) {
    if (password == null || !password.equals(again)) {
      throw CurfewException.invalid("again", "the two passwords differ; type the same twice");
    }
  }
}

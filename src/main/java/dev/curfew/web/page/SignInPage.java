package dev.curfew.web.page;

import dev.curfew.CurfewException;
import dev.curfew.account.Level;
import dev.curfew.account.Opened;
import dev.curfew.account.SignInFlow;
import dev.curfew.account.SignedIn;
import dev.curfew.mfa.Factors;
import dev.curfew.mfa.Keys;
import dev.curfew.web.CurrentCaller;
import dev.curfew.web.ProofForm;
import dev.curfew.web.Public;
import dev.curfew.web.SessionCookie;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestQuery;

/** Signing in: a password, then a second factor; and the way back in with a recovery code. */
@Public
@Path("/")
@Consumes(MediaType.APPLICATION_FORM_URLENCODED)
public class SignInPage {

  @CheckedTemplate(basePath = "", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
  static class Templates {
    static native TemplateInstance signIn(Notice notice, String to);

    static native TemplateInstance secondFactor(Notice notice, String to, Factors factors);
  }

  private final SignInFlow flow;
  private final Keys keys;
  private final CurrentCaller current;
  private final SessionCookie cookie;

  SignInPage(SignInFlow flow, Keys keys, CurrentCaller current, SessionCookie cookie) {
    this.flow = flow;
    this.keys = keys;
    this.current = current;
    this.cookie = cookie;
  }

  @GET
  @Path("sign-in")
  public Response show(@RestQuery String to) {
    return current.find().isPresent()
        ? Away.to(Away.safe(to))
        : Away.page(200, Templates.signIn(null, Away.safe(to)));
  }

  @POST
  @Path("sign-in")
  public Response password(@RestForm String user, @RestForm String password, @RestForm String to) {
    try {
      Opened opened = flow.password(user, password, current.visitor());
      return Response.seeOther(URI.create("/sign-in/second?to=" + Away.encoded(Away.safe(to))))
          .cookie(cookie.of(opened))
          .build();
    } catch (CurfewException refusal) {
      return Away.refused(refusal, Templates.signIn(Notice.of(refusal), Away.safe(to)));
    }
  }

  @GET
  @Path("sign-in/second")
  public Response second(@RestQuery String to) {
    SignedIn who = current.halfWay();
    return switch (who.level()) {
      case FULL -> Away.to(Away.safe(to));
      case ENROLLING -> Away.to("/enrol");
      case PASSWORD -> Away.page(200, second(who, null, to));
    };
  }

  @POST
  @Path("sign-in/second")
  public Response second(@BeanParam ProofForm proof, @RestForm String to) {
    SignedIn who = current.halfWay();
    try {
      Opened opened = flow.secondFactor(who, proof.offered());
      return Response.seeOther(URI.create(Away.safe(to))).cookie(cookie.of(opened)).build();
    } catch (CurfewException refusal) {
      return Away.refused(refusal, second(who, Notice.of(refusal), to));
    }
  }

  @POST
  @Path("sign-in/recovery")
  public Response recovery(@RestForm String code) {
    SignedIn who = current.halfWay();
    try {
      return Response.seeOther(URI.create("/enrol"))
          .cookie(cookie.of(flow.recover(who, code)))
          .build();
    } catch (CurfewException refusal) {
      return Away.refused(refusal, second(who, Notice.of(refusal), "/"));
    }
  }

  @POST
  @Path("sign-out")
  public Response out() {
    current.signedIn().map(SignedIn::caller).ifPresent(flow::out);
    return Response.seeOther(URI.create("/sign-in")).cookie(cookie.gone()).build();
  }

  @POST
  @Path("sign-out/everywhere")
  public Response everywhere() {
    flow.everywhere(current.caller());
    return Response.seeOther(URI.create("/sign-in")).cookie(cookie.gone()).build();
  }

  private TemplateInstance second(SignedIn who, Notice notice, String to) {
    Factors factors = who.level() == Level.PASSWORD ? keys.of(who.caller().person()) : null;
    return Templates.secondFactor(notice, Away.safe(to), factors);
  }
}

package dev.curfew.web.page;

import dev.curfew.CurfewException;
import dev.curfew.grant.QuarantineView;
import dev.curfew.identity.Caller;
import dev.curfew.identity.Role;
import dev.curfew.request.QuarantineFlow;
import dev.curfew.web.CurrentCaller;
import dev.curfew.web.ProofForm;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.function.Consumer;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestQuery;

/** A store that went back in time, and what an administrator decides about what differs. */
@Path("/admin/quarantine")
@Produces(MediaType.TEXT_HTML)
public class QuarantinePage {

  @CheckedTemplate(basePath = "", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
  static class Templates {
    static native TemplateInstance adminQuarantine(QuarantineView quarantine, Notice notice);
  }

  private final CurrentCaller current;
  private final QuarantineFlow flow;

  QuarantinePage(CurrentCaller current, QuarantineFlow flow) {
    this.current = current;
    this.flow = flow;
  }

  @GET
  public TemplateInstance show(@RestQuery String done) {
    return page(administrator(), Done.notice(done));
  }

  @POST
  @Path("decide")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response decide(
      @RestForm String finding, @RestForm String choice, @BeanParam ProofForm proof) {
    return act("decided", caller -> flow.decide(caller, finding, choice, proof.offered()));
  }

  @POST
  @Path("end")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response end(@BeanParam ProofForm proof) {
    return act("quarantine-ended", caller -> flow.end(caller, proof.offered()));
  }

  private Response act(String word, Consumer<Caller> act) {
    Caller caller = administrator();
    try {
      act.accept(caller);
      return Done.to("/admin/quarantine", word);
    } catch (CurfewException refusal) {
      if (!Done.belongsOnTheForm(refusal.fault())) {
        throw refusal;
      }
      return Done.again(refusal, page(caller, Notice.of(refusal)));
    }
  }

  private TemplateInstance page(Caller caller, Notice notice) {
    return Templates.adminQuarantine(flow.view(caller), notice);
  }

  /** For everybody else this page does not exist. */
  private Caller administrator() {
    Caller caller = current.caller();
    if (!caller.has(Role.ADMINISTRATOR)) {
      throw CurfewException.notFound("page");
    }
    return caller;
  }
}

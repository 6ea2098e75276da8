package dev.curfew.web.page;

import dev.curfew.CurfewException;
import dev.curfew.identity.Caller;
import dev.curfew.identity.Role;
import dev.curfew.request.ClockFlow;
import dev.curfew.request.OperationsReads;
import dev.curfew.request.OperationsView;
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
import java.util.List;
import org.jboss.resteasy.reactive.RestQuery;

/** How the installation is and what to do about it: for administrators and auditors. */
@Path("/admin/operations")
@Produces(MediaType.TEXT_HTML)
public class OperationsPage {

  @CheckedTemplate(basePath = "", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
  static class Templates {
    static native TemplateInstance operations(
        OperationsView view, List<Trouble> troubles, Notice notice);

    static native TemplateInstance alerts(List<Runbook.Part> parts);
  }

  private final CurrentCaller current;
  private final OperationsReads operations;
  private final ClockFlow clock;

  OperationsPage(CurrentCaller current, OperationsReads operations, ClockFlow clock) {
    this.current = current;
    this.operations = operations;
    this.clock = clock;
  }

  @GET
  public TemplateInstance page(@RestQuery String done) {
    return page(reader(), Done.notice(done));
  }

  /** What each alert means and what to do: docs/alerts.md of this very version. */
  @GET
  @Path("alerts")
  public TemplateInstance alerts() {
    reader();
    return Templates.alerts(Runbook.parts());
  }

  @POST
  @Path("clock")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response acceptClock(@BeanParam ProofForm proof) {
    Caller caller = reader();
    try {
      clock.accept(caller, proof.offered());
      return Done.to("/admin/operations", "clock");
    } catch (CurfewException refusal) {
      if (!Done.belongsOnTheForm(refusal.fault())) {
        throw refusal;
      }
      return Done.again(refusal, page(caller, Notice.of(refusal)));
    }
  }

  private TemplateInstance page(Caller caller, Notice notice) {
    OperationsView view = operations.view(caller);
    return Templates.operations(view, Trouble.of(view), notice);
  }

  /** For everybody else these pages do not exist. */
  private Caller reader() {
    Caller caller = current.caller();
    if (!caller.has(Role.ADMINISTRATOR) && !caller.has(Role.AUDITOR)) {
      throw CurfewException.notFound("page");
    }
    return caller;
  }
}

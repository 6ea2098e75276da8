package dev.curfew.web.page;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.curfew.CurfewException;
import dev.curfew.approval.Choice;
import dev.curfew.audit.Timeline;
import dev.curfew.catalog.Catalog;
import dev.curfew.catalog.Offer;
import dev.curfew.identity.Caller;
import dev.curfew.request.RequestFlow;
import dev.curfew.request.RequestView;
import dev.curfew.request.Requests;
import dev.curfew.request.StageView;
import dev.curfew.request.Vote;
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
import java.util.Map;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;

/** One request: what is asked and why, what would be given, the votes, and the vote. */
@Path("/requests/{id}")
@Produces(MediaType.TEXT_HTML)
public class RequestPage {

  @CheckedTemplate(basePath = "", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
  static class Templates {
    static native TemplateInstance request(
        String title,
        RequestView r,
        boolean mine,
        Offer offer,
        boolean passkeyOnly,
        Decided trace,
        List<Happened> moments,
        Form form,
        Notice notice);
  }

  private final CurrentCaller current;
  private final Requests requests;
  private final RequestFlow flow;
  private final Timeline timeline;
  private final Catalog catalog;
  private final ObjectMapper mapper;

  RequestPage(
      CurrentCaller current,
      Requests requests,
      RequestFlow flow,
      Timeline timeline,
      Catalog catalog,
      ObjectMapper mapper) {
    this.current = current;
    this.requests = requests;
    this.flow = flow;
    this.timeline = timeline;
    this.catalog = catalog;
    this.mapper = mapper;
  }

  /**
   * @param seen what the asking page shows already: nothing is sent while that is still so
   */
  @GET
  public Response look(@RestPath String id, @RestQuery String done, @RestQuery String seen) {
    Caller caller = current.caller();
    RequestView request = requests.view(caller, id);
    if (RequestWords.seen(request).equals(seen)) {
      return Response.noContent().build();
    }
    return Response.ok(page(caller, request, Form.EMPTY, Done.notice(done))).build();
  }

  @POST
  @Path("vote")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response vote(
      @RestPath String id,
      @RestForm String choice,
      @RestForm String reason,
      @RestForm String shown,
      @BeanParam ProofForm proof) {
    Caller caller = current.caller();
    try {
      Choice said = choice(choice);
      flow.vote(caller, new Vote(id, said, reason, shown), proof.offered());
      return Done.to("/requests/" + id, said == Choice.APPROVE ? "approve" : "deny");
    } catch (CurfewException refusal) {
      return again(caller, id, reason, refusal);
    }
  }

  @POST
  @Path("cancel")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response cancel(@RestPath String id) {
    Caller caller = current.caller();
    try {
      flow.cancel(caller, id);
      return Done.to("/requests/" + id, "cancelled");
    } catch (CurfewException refusal) {
      return again(caller, id, "", refusal);
    }
  }

  private Response again(Caller caller, String id, String reason, CurfewException refusal) {
    if (!Done.belongsOnTheForm(refusal.fault())) {
      throw refusal;
    }
    RequestView request = requests.view(caller, id);
    Form form = Form.of(Map.of("reason", reason == null ? "" : reason)).refused(refusal);
    Notice notice = form.isShown() ? null : Notice.of(refusal);
    return Done.again(refusal, page(caller, request, form, notice));
  }

  private TemplateInstance page(Caller caller, RequestView request, Form form, Notice notice) {
    Optional<Offer> offer = offer(request.entitlement());
    return Templates.request(
        offer.map(Offer::title).orElse(request.entitlement()),
        request,
        caller.is(request.person()),
        offer.orElse(null),
        request.stages().stream().noneMatch(StageView::acceptCode),
        Decided.read(requests.trace(caller, request.id()), mapper),
        Happened.told(timeline.ofRequest(request.id())),
        form,
        notice);
  }

  /** What the catalog says now; a request outlives its entitlement. */
  private Optional<Offer> offer(String entitlement) {
    try {
      return catalog.offer(entitlement);
    } catch (CurfewException noSnapshot) {
      return Optional.empty();
    }
  }

  private static Choice choice(String text) {
    try {
      return Choice.valueOf(text == null ? "" : text);
    } catch (IllegalArgumentException e) {
      throw CurfewException.invalid("choice", "press Approve or Deny");
    }
  }
}

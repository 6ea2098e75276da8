package dev.curfew.web.page;

import dev.curfew.CurfewException;
import dev.curfew.Ids;
import dev.curfew.catalog.Offer;
import dev.curfew.identity.Caller;
import dev.curfew.request.CatalogReads;
import dev.curfew.request.Listing;
import dev.curfew.request.RequestFlow;
import dev.curfew.request.RequestView;
import dev.curfew.request.Requests;
import dev.curfew.request.Submit;
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
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestQuery;

/** The form to ask by, with what would come of it beside it. */
@Path("/ask")
@Produces(MediaType.TEXT_HTML)
public class AskPage {

  @CheckedTemplate(basePath = "", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
  static class Templates {
    static native TemplateInstance ask(
        Offer offer,
        List<String> approval,
        List<WindowChoice> choices,
        Form form,
        String key,
        boolean recent,
        Outlook outlook,
        Notice notice);

    static native TemplateInstance forecast(Outlook outlook);
  }

  private final CurrentCaller current;
  private final CatalogReads catalog;
  private final Requests requests;
  private final RequestFlow flow;

  AskPage(CurrentCaller current, CatalogReads catalog, Requests requests, RequestFlow flow) {
    this.current = current;
    this.catalog = catalog;
    this.requests = requests;
    this.flow = flow;
  }

  /**
   * @param again a request of one's own to begin with: the same window, reason and ticket
   */
  @GET
  public Response ask(@RestQuery String entitlement, @RestQuery String again) {
    Caller caller = current.caller();
    if (again != null) {
      RequestView before = requests.view(caller, again);
      if (caller.is(before.person())) {
        return Response.ok(page(caller, before.entitlement(), typed(before), Ids.next(), null))
            .build();
      }
    }
    if (entitlement == null || entitlement.isBlank()) {
      return Response.seeOther(java.net.URI.create("/catalog")).build();
    }
    return Response.ok(page(caller, entitlement, Form.EMPTY, Ids.next(), null)).build();
  }

  /** What would come of it, as the form stands. */
  @POST
  @Path("forecast")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public TemplateInstance forecast(
      @RestForm String entitlement, @RestForm String window, @RestForm String ticket) {
    return Templates.forecast(outlook(current.caller(), entitlement, window, ticket));
  }

  @POST
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response submit(
      @RestForm String entitlement,
      @RestForm String window,
      @RestForm String reason,
      @RestForm String ticket,
      @RestForm("idempotency_key") String key,
      @BeanParam ProofForm proof) {
    Caller caller = current.caller();
    try {
      Submit submit = new Submit(entitlement, minutes(window), reason, ticket);
      RequestView request = flow.submit(caller, submit, proof.offered(), key);
      return Done.to("/requests/" + request.id(), request.existing() ? "existing" : "asked");
    } catch (CurfewException refusal) {
      if (!Done.belongsOnTheForm(refusal.fault())) {
        throw refusal;
      }
      Form form = typed(window, reason, ticket).refused(refusal);
      Notice notice = form.isShown() ? null : Notice.of(refusal);
      return Done.again(refusal, page(caller, entitlement, form, key, notice));
    }
  }

  private TemplateInstance page(
      Caller caller, String entitlement, Form form, String key, Notice notice) {
    Listing listing = catalog.one(caller, entitlement);
    Offer offer = listing.offer();
    Form filled =
        form == Form.EMPTY
            ? typed(String.valueOf(WindowChoice.first(offer.longest())), "", "")
            : form;
    Outlook outlook = outlook(caller, entitlement, filled.value("window"), filled.value("ticket"));
    return Templates.ask(
        offer,
        listing.approval(),
        WindowChoice.upTo(offer.longest()),
        filled,
        key == null || key.isBlank() ? Ids.next() : key,
        notice == null && outlook.recentEnough(),
        outlook,
        notice);
  }

  private Outlook outlook(Caller caller, String entitlement, String window, String ticket) {
    try {
      Submit submit = new Submit(entitlement, minutes(window), "", ticket);
      return new Outlook(flow.forecast(caller, submit), "");
    } catch (CurfewException refusal) {
      if (!Done.belongsOnTheForm(refusal.fault())) {
        throw refusal;
      }
      return new Outlook(null, Wording.sentence(refusal.getMessage()));
    }
  }

  private static Form typed(RequestView before) {
    return typed(String.valueOf(before.windowMinutes()), before.reason(), before.ticket());
  }

  private static Form typed(String window, String reason, String ticket) {
    return Form.of(Map.of("window", text(window), "reason", text(reason), "ticket", text(ticket)));
  }

  private static String text(String value) {
    return value == null ? "" : value;
  }

  private static int minutes(String window) {
    try {
      return Integer.parseInt(text(window).strip());
    } catch (NumberFormatException e) {
      throw CurfewException.invalid("window", "give the window in whole minutes, such as 30");
    }
  }
}

package dev.curfew.web.page;

import dev.curfew.CurfewException;
import dev.curfew.audit.Timeline;
import dev.curfew.grant.Handover;
import dev.curfew.identity.Caller;
import dev.curfew.request.EndFlow;
import dev.curfew.request.GrantReads;
import dev.curfew.request.PickupFlow;
import dev.curfew.request.SeenGrant;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;

/** One access: its countdown, its pick-up, its end, and the proof of it. */
@Path("/grants/{id}")
@Produces(MediaType.TEXT_HTML)
public class GrantPage {

  /** The lines to paste whole; all others are parts of them. */
  private static final Set<String> READY = Set.of("psql", "jdbc", "pgpass");

  private static final Pattern SSLMODE = Pattern.compile("\\bsslmode=([a-z-]+)");

  @CheckedTemplate(basePath = "", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
  static class Templates {
    static native TemplateInstance grant(
        String title, SeenGrant seen, List<Happened> moments, Form form, Notice notice);

    static native TemplateInstance handover(
        String title,
        SeenGrant seen,
        Handover handover,
        List<Handover.Line> ready,
        List<Handover.Line> parts);
  }

  private final CurrentCaller current;
  private final GrantReads grants;
  private final PickupFlow pickup;
  private final EndFlow end;
  private final Timeline timeline;
  private final Names names;
  private final Shell shell;

  GrantPage(
      CurrentCaller current,
      GrantReads grants,
      PickupFlow pickup,
      EndFlow end,
      Timeline timeline,
      Names names,
      Shell shell) {
    this.current = current;
    this.grants = grants;
    this.pickup = pickup;
    this.end = end;
    this.timeline = timeline;
    this.names = names;
    this.shell = shell;
  }

  /**
   * @param seen what the asking page shows already: nothing is sent while that is still so
   */
  @GET
  public Response look(@RestPath String id, @RestQuery String done, @RestQuery String seen) {
    SeenGrant grant = grants.view(current.caller(), id);
    if (GrantWords.seen(grant.grant()).equals(seen)) {
      return Response.noContent().build();
    }
    return Response.ok(page(grant, Form.EMPTY, Done.notice(done))).build();
  }

  /** Shows the secret once, in the answer itself: there is no page to come back to. */
  @POST
  @Path("pick-up")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response pickUp(@RestPath String id, @BeanParam ProofForm proof) {
    Caller caller = current.caller();
    try {
      Handover handover = pickup.pickUp(caller, id, proof.offered());
      SeenGrant seen = grants.view(caller, id);
      return Response.ok(
              Templates.handover(
                  names.title(seen.grant().entitlement()),
                  seen,
                  handover,
                  ready(handover.lines()),
                  handover.lines().stream().filter(line -> !READY.contains(line.name())).toList()))
          .build();
    } catch (CurfewException refusal) {
      return again(caller, id, Form.EMPTY, refusal);
    }
  }

  @POST
  @Path("give-back")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response giveBack(@RestPath String id) {
    Caller caller = current.caller();
    try {
      end.giveBack(caller, id);
      return Done.to("/grants/" + id, "given-back");
    } catch (CurfewException refusal) {
      return again(caller, id, Form.EMPTY, refusal);
    }
  }

  @POST
  @Path("revoke")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response revoke(@RestPath String id, @RestForm String note) {
    Caller caller = current.caller();
    try {
      end.revoke(caller, id, note);
      return Done.to("/grants/" + id, "revoked");
    } catch (CurfewException refusal) {
      return again(caller, id, typed(note), refusal);
    }
  }

  @POST
  @Path("attest")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response attest(@RestPath String id, @RestForm String note, @BeanParam ProofForm proof) {
    Caller caller = current.caller();
    try {
      end.attest(caller, id, note, proof.offered());
      return Done.to("/grants/" + id, "attested");
    } catch (CurfewException refusal) {
      return again(caller, id, typed(note), refusal);
    }
  }

  /** The lines to paste whole; beside psql's stands the prompt of our own jar. */
  private List<Handover.Line> ready(List<Handover.Line> lines) {
    List<Handover.Line> ready = new ArrayList<>();
    for (Handover.Line line : lines) {
      if (READY.contains(line.name())) {
        ready.add(line);
      }
      if (line.name().equals("psql")) {
        ready.add(ownPrompt(line.value()));
      }
    }
    return ready;
  }

  private Handover.Line ownPrompt(String psql) {
    Matcher sslmode = SSLMODE.matcher(psql);
    String option = sslmode.find() ? " --sslmode=" + sslmode.group(1) : "";
    return new Handover.Line(
        "sql",
        "No psql? This asks for the pgpass line below",
        "java -jar " + shell.jar() + " sql" + option,
        false);
  }

  private Response again(Caller caller, String id, Form form, CurfewException refusal) {
    if (!Done.belongsOnTheForm(refusal.fault())) {
      throw refusal;
    }
    return Done.again(
        refusal, page(grants.view(caller, id), form.refused(refusal), Notice.of(refusal)));
  }

  private TemplateInstance page(SeenGrant seen, Form form, Notice notice) {
    return Templates.grant(
        names.title(seen.grant().entitlement()),
        seen,
        Happened.told(timeline.ofGrant(seen.grant().id())),
        form,
        notice);
  }

  private static Form typed(String note) {
    return Form.of(Map.of("note", note == null ? "" : note));
  }
}

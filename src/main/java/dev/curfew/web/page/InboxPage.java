package dev.curfew.web.page;

import dev.curfew.identity.Caller;
import dev.curfew.request.GrantReads;
import dev.curfew.request.RequestView;
import dev.curfew.request.Requests;
import dev.curfew.request.SeenGrant;
import dev.curfew.web.CurrentCaller;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jboss.resteasy.reactive.RestQuery;

/** What waits for the person's vote, and what others hold that the person may end. */
@Path("/inbox")
public class InboxPage {

  /** How many requests wait for the caller's vote. */
  public record Count(int waiting) {}

  @CheckedTemplate(basePath = "", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
  static class Templates {
    static native TemplateInstance inbox(
        List<RequestView> requests, List<SeenGrant> live, Notice notice);
  }

  private final CurrentCaller current;
  private final Requests requests;
  private final GrantReads grants;

  InboxPage(CurrentCaller current, Requests requests, GrantReads grants) {
    this.current = current;
    this.requests = requests;
    this.grants = grants;
  }

  @GET
  @Produces(MediaType.TEXT_HTML)
  public TemplateInstance inbox(@RestQuery String done) {
    Caller caller = current.caller();
    return Templates.inbox(
        requests.inbox(caller),
        grants.live(caller).stream().filter(seen -> !seen.mine()).toList(),
        Done.notice(done));
  }

  @GET
  @Path("count")
  @Produces(MediaType.APPLICATION_JSON)
  public Count count() {
    return new Count(requests.inboxCount(current.caller()));
  }
}

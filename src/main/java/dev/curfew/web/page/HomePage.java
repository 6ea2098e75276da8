package dev.curfew.web.page;

import dev.curfew.grant.GrantState;
import dev.curfew.identity.Caller;
import dev.curfew.request.CatalogReads;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jboss.resteasy.reactive.RestQuery;

/** What the person has, what waits, and what was used before. */
@Path("/")
public class HomePage {

  private static final int AGAIN = 4;
  private static final int REQUESTS = 6;

  @CheckedTemplate(basePath = "", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
  static class Templates {
    static native TemplateInstance home(
        String greeting,
        Notice notice,
        boolean mayAsk,
        List<SeenGrant> live,
        List<RequestView> waiting,
        List<RequestView> requests,
        List<RequestView> again);
  }

  private final CurrentCaller current;
  private final GrantReads grants;
  private final Requests requests;
  private final CatalogReads catalog;

  HomePage(CurrentCaller current, GrantReads grants, Requests requests, CatalogReads catalog) {
    this.catalog = catalog;
    this.current = current;
    this.grants = grants;
    this.requests = requests;
  }

  @GET
  @Produces(MediaType.TEXT_HTML)
  public TemplateInstance home(@RestQuery String done) {
    Caller caller = current.caller();
    List<SeenGrant> live = grants.held(caller);
    List<RequestView> mine = requests.mine(caller);
    return Templates.home(
        "Hello " + caller.name().strip().split("\\s")[0],
        Done.notice(done),
        catalog.hasAny(caller),
        live,
        requests.inbox(caller),
        mine.stream().filter(request -> isNews(request, live)).limit(REQUESTS).toList(),
        again(mine, live));
  }

  /** An approved request whose access is listed above says nothing new. */
  private static boolean isNews(RequestView request, List<SeenGrant> live) {
    return request.grant() == null
        || live.stream().noneMatch(seen -> seen.grant().id().equals(request.grant()));
  }

  /** The newest request for each entitlement that is neither open nor live now. */
  private static List<RequestView> again(List<RequestView> mine, List<SeenGrant> live) {
    Set<String> held =
        live.stream()
            .filter(seen -> seen.grant().state() != GrantState.REVOKING)
            .map(seen -> seen.grant().entitlement())
            .collect(Collectors.toSet());
    mine.stream()
        .filter(RequestView::isPending)
        .forEach(request -> held.add(request.entitlement()));
    Map<String, RequestView> newest = new LinkedHashMap<>();
    mine.forEach(request -> newest.putIfAbsent(request.entitlement(), request));
    return newest.values().stream()
        .filter(request -> !held.contains(request.entitlement()))
        .limit(AGAIN)
        .toList();
  }
}

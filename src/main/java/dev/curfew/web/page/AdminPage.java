package dev.curfew.web.page;

import dev.curfew.CurfewException;
import dev.curfew.catalog.Change;
import dev.curfew.catalog.Problem;
import dev.curfew.catalog.SnapshotView;
import dev.curfew.catalog.Snapshots;
import dev.curfew.catalog.TargetView;
import dev.curfew.grant.FindingView;
import dev.curfew.grant.GrantView;
import dev.curfew.grant.Grants;
import dev.curfew.identity.Caller;
import dev.curfew.identity.Role;
import dev.curfew.request.FindingFlow;
import dev.curfew.request.GrantReads;
import dev.curfew.request.SeenGrant;
import dev.curfew.request.ServerFlow;
import dev.curfew.request.SnapshotFlow;
import dev.curfew.request.TargetReads;
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
import java.util.Optional;
import java.util.stream.Collectors;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;

/** Targets, what is stuck, what sweeps found, packs and rules: for administrators. */
@Path("/admin")
@Produces(MediaType.TEXT_HTML)
public class AdminPage {

  /** A snapshot that could be accepted, with all that would change. */
  public record Proposal(SnapshotView view, List<String> touched, List<Change> changes) {}

  @CheckedTemplate(basePath = "", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
  static class Templates {
    static native TemplateInstance adminTargets(
        List<TargetView> targets, Map<String, Long> live, Notice notice);

    static native TemplateInstance adminStuck(List<SeenGrant> stuck, Notice notice);

    static native TemplateInstance adminFindings(List<FindingView> findings, Notice notice);

    static native TemplateInstance adminPacks(
        SnapshotView accepted,
        List<Proposal> proposals,
        List<Problem> problems,
        List<SnapshotView> earlier,
        Notice notice);
  }

  private final CurrentCaller current;
  private final Snapshots snapshots;
  private final SnapshotFlow accepting;
  private final Grants grants;
  private final GrantReads reads;
  private final FindingFlow findings;
  private final ServerFlow servers;
  private final TargetReads targets;

  AdminPage(
      CurrentCaller current,
      Snapshots snapshots,
      SnapshotFlow accepting,
      Grants grants,
      GrantReads reads,
      FindingFlow findings,
      ServerFlow servers,
      TargetReads targets) {
    this.servers = servers;
    this.targets = targets;
    this.current = current;
    this.snapshots = snapshots;
    this.accepting = accepting;
    this.grants = grants;
    this.reads = reads;
    this.findings = findings;
  }

  @GET
  public Response first() {
    administrator();
    return Away.to("/admin/operations");
  }

  @GET
  @Path("targets")
  public TemplateInstance targets(@RestQuery String done) {
    administrator();
    return targets(Done.notice(done));
  }

  private TemplateInstance targets(Notice notice) {
    Map<String, Long> live =
        grants.live().stream()
            .collect(Collectors.groupingBy(GrantView::target, Collectors.counting()));
    return Templates.adminTargets(targets.targets(current.caller()), live, notice);
  }

  @POST
  @Path("targets/server")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response acceptServer(
      @RestForm String target, @RestForm String server, @BeanParam ProofForm proof) {
    Caller caller = administrator();
    try {
      servers.accept(caller, target, server, proof.offered());
      return Done.to("/admin/targets", "server");
    } catch (CurfewException refusal) {
      if (!Done.belongsOnTheForm(refusal.fault())) {
        throw refusal;
      }
      return Done.again(refusal, targets(Notice.of(refusal)));
    }
  }

  @POST
  @Path("targets/{id}/check")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response check(@RestPath String id) {
    targets.refresh(administrator(), id);
    return Done.to("/admin/targets", "checked");
  }

  @GET
  @Path("stuck")
  public TemplateInstance stuck(@RestQuery String done) {
    return Templates.adminStuck(reads.stuck(administrator()), Done.notice(done));
  }

  @GET
  @Path("findings")
  public TemplateInstance findings(@RestQuery String done) {
    return findings(administrator(), Done.notice(done));
  }

  @POST
  @Path("findings/release")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response release(@RestForm String finding, @BeanParam ProofForm proof) {
    Caller caller = administrator();
    try {
      findings.release(caller, finding, proof.offered());
      return Done.to("/admin/findings", "released");
    } catch (CurfewException refusal) {
      if (!Done.belongsOnTheForm(refusal.fault())) {
        throw refusal;
      }
      return Done.again(refusal, findings(caller, Notice.of(refusal)));
    }
  }

  /**
   * @param back digest of an earlier snapshot to look at as if it were proposed
   */
  @GET
  @Path("packs")
  public TemplateInstance packs(@RestQuery String back, @RestQuery String done) {
    administrator();
    return packs(back, Done.notice(done));
  }

  @POST
  @Path("packs/accept")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response accept(@RestForm String digest, @BeanParam ProofForm proof) {
    Caller caller = administrator();
    try {
      accepting.accept(caller, digest, proof.offered());
      return Done.to("/admin/packs", "accepted");
    } catch (CurfewException refusal) {
      if (!Done.belongsOnTheForm(refusal.fault())) {
        throw refusal;
      }
      return Done.again(refusal, packs(digest, Notice.of(refusal)));
    }
  }

  private TemplateInstance findings(Caller caller, Notice notice) {
    return Templates.adminFindings(findings.findings(caller), notice);
  }

  private TemplateInstance packs(String back, Notice notice) {
    Optional<SnapshotView> accepted = snapshots.accepted();
    String inForce = accepted.map(SnapshotView::digest).orElse("");
    List<SnapshotView> earlier =
        snapshots.history().stream()
            .filter(snapshot -> snapshot.state() == SnapshotView.State.REPLACED)
            .filter(snapshot -> !snapshot.digest().equals(inForce))
            .toList();
    List<SnapshotView> shown = new ArrayList<>(snapshots.proposals());
    earlier.stream()
        .filter(snapshot -> snapshot.digest().equals(back))
        .filter(snapshot -> shown.stream().noneMatch(p -> p.digest().equals(back)))
        .findFirst()
        .ifPresent(shown::add);
    return Templates.adminPacks(
        accepted.orElse(null),
        shown.stream().map(this::proposal).toList(),
        snapshots.problems(),
        earlier,
        notice);
  }

  private Proposal proposal(SnapshotView view) {
    return new Proposal(view, snapshots.touched(view.digest()), snapshots.diff(view.digest()));
  }

  /** For everybody else these pages do not exist. */
  private Caller administrator() {
    Caller caller = current.caller();
    if (!caller.has(Role.ADMINISTRATOR)) {
      throw CurfewException.notFound("page");
    }
    return caller;
  }
}

package dev.curfew.web.page;

import dev.curfew.CurfewException;
import dev.curfew.account.Link;
import dev.curfew.account.People;
import dev.curfew.account.PeopleFlow;
import dev.curfew.account.Person;
import dev.curfew.identity.Role;
import dev.curfew.mfa.Offered;
import dev.curfew.mfa.Site;
import dev.curfew.request.OffboardFlow;
import dev.curfew.web.CurrentCaller;
import dev.curfew.web.ProofForm;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;

/** Administration of people and groups. To anybody else these pages do not exist. */
@Path("/admin/people")
@Consumes(MediaType.APPLICATION_FORM_URLENCODED)
public class PeoplePage {

  @CheckedTemplate(basePath = "", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
  static class Templates {
    static native TemplateInstance adminPeople(
        Notice notice, List<Person> people, List<String> groups);

    static native TemplateInstance adminPerson(
        Notice notice, Person person, List<String> otherGroups, boolean self);

    static native TemplateInstance linkMade(String name, String url, Link link);
  }

  private final PeopleFlow flow;
  private final OffboardFlow offboard;
  private final People people;
  private final Site site;
  private final CurrentCaller current;

  PeoplePage(
      PeopleFlow flow, OffboardFlow offboard, People people, Site site, CurrentCaller current) {
    this.flow = flow;
    this.offboard = offboard;
    this.people = people;
    this.site = site;
    this.current = current;
  }

  @GET
  public TemplateInstance show() {
    return list(null);
  }

  @POST
  public Response add(
      @RestForm String user,
      @RestForm String name,
      @RestForm List<String> groups,
      @BeanParam ProofForm proof) {
    try {
      Link link =
          flow.add(
              current.caller(),
              new PeopleFlow.Add(user, name, Set.copyOf(groups)),
              proof.offered());
      return made(link);
    } catch (CurfewException refusal) {
      return Away.refused(refusal, list(Notice.of(refusal)));
    }
  }

  @GET
  @Path("{person}")
  public TemplateInstance show(@RestPath String person, @RestQuery String done) {
    return one(person, done(done));
  }

  @POST
  @Path("{person}/reset")
  public Response reset(@RestPath String person, @BeanParam ProofForm proof) {
    return orAgain(person, () -> made(flow.reset(current.caller(), person, proof.offered())));
  }

  @POST
  @Path("{person}/join")
  public Response join(
      @RestPath String person, @RestForm String group, @BeanParam ProofForm proof) {
    return orAgain(
        person,
        () -> {
          flow.join(current.caller(), person, group, proof.offered());
          return Away.to("/admin/people/" + person + "?done=joined");
        });
  }

  @POST
  @Path("{person}/leave")
  public Response leave(
      @RestPath String person, @RestForm String group, @BeanParam ProofForm proof) {
    return orAgain(
        person,
        () -> {
          flow.leave(current.caller(), person, group, proof.offered());
          return Away.to("/admin/people/" + person + "?done=left");
        });
  }

  @POST
  @Path("{person}/disable")
  public Response disable(@RestPath String person, @BeanParam ProofForm proof) {
    Offered offered = proof.offered();
    return orAgain(
        person,
        () -> {
          offboard.disable(current.caller(), person, offered);
          return Away.to("/admin/people/" + person + "?done=disabled");
        });
  }

  private Response orAgain(String person, Supplier<Response> act) {
    try {
      return act.get();
    } catch (CurfewException refusal) {
      return Away.refused(refusal, one(person, Notice.of(refusal)));
    }
  }

  private Response made(Link link) {
    return Away.page(
        200, Templates.linkMade(people.mustBe(link.person()).name(), site.url(link.path()), link));
  }

  private TemplateInstance list(Notice notice) {
    requireAdministrator();
    return Templates.adminPeople(notice, people.list(), flow.groups());
  }

  private TemplateInstance one(String id, Notice notice) {
    requireAdministrator();
    Person person = people.mustBe(id);
    TreeSet<String> others = new TreeSet<>(flow.groups());
    others.removeAll(person.groups());
    return Templates.adminPerson(notice, person, List.copyOf(others), current.caller().is(id));
  }

  private void requireAdministrator() {
    if (!current.caller().has(Role.ADMINISTRATOR)) {
      throw CurfewException.notFound("page");
    }
  }

  private static Notice done(String word) {
    return switch (word == null ? "" : word) {
      case "joined" -> Notice.good("They are in the group now.", "");
      case "left" -> Notice.good("They are out of the group.", "");
      case "disabled" ->
          Notice.good(
              "Disabled.",
              "Sessions, tokens, open requests and votes ended; live access is ending.");
      default -> null;
    };
  }
}

package dev.curfew.web.api;

import dev.curfew.account.Link;
import dev.curfew.account.People;
import dev.curfew.account.PeopleFlow;
import dev.curfew.account.Person;
import dev.curfew.mfa.Site;
import dev.curfew.request.OffboardFlow;
import dev.curfew.request.Page;
import dev.curfew.web.CurrentCaller;
import dev.curfew.web.ProofBody;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;

/** Administration of people and groups, for administrators alone. */
@Path("/api/v1")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class PeopleResource {

  /** Who to add; the proof's act has {@code groups} sorted and joined by a space. */
  public record NewPerson(String user, String name, Set<String> groups, ProofBody proof) {}

  /** A call that brings a proof and nothing else. */
  public record Proved(ProofBody proof) {}

  /** Into or out of which group. */
  public record Membership(String group, ProofBody proof) {}

  /** A one-time link, shown this once. */
  public record MadeLink(String person, String url, Instant until) {

    @Override
    public String toString() {
      return "MadeLink[" + person + "]";
    }
  }

  private final PeopleFlow flow;
  private final OffboardFlow offboard;
  private final People people;
  private final Site site;
  private final CurrentCaller current;

  PeopleResource(
      PeopleFlow flow, OffboardFlow offboard, People people, Site site, CurrentCaller current) {
    this.flow = flow;
    this.offboard = offboard;
    this.people = people;
    this.site = site;
    this.current = current;
  }

  @GET
  @Path("people")
  public Items<Person> list(@RestQuery String cursor, @RestQuery @DefaultValue("50") int limit) {
    requireAdministrator();
    return Items.of(
        Page.of(people.list(), Person::id, cursor, Limit.checked(limit)), person -> person);
  }

  @GET
  @Path("people/{person}")
  public Person one(@RestPath String person) {
    requireAdministrator();
    return people.mustBe(person);
  }

  @GET
  @Path("groups")
  public List<String> groups() {
    requireAdministrator();
    return flow.groups();
  }

  @POST
  @Path("people")
  @ResponseStatus(201)
  public MadeLink add(NewPerson body) {
    NewPerson add = Body.required(body);
    return made(
        flow.add(
            current.caller(),
            new PeopleFlow.Add(add.user(), add.name(), add.groups()),
            ProofBody.offered(add.proof())));
  }

  @POST
  @Path("people/{person}/reset")
  public MadeLink reset(@RestPath String person, Proved body) {
    return made(
        flow.reset(current.caller(), person, ProofBody.offered(Body.required(body).proof())));
  }

  @POST
  @Path("people/{person}/disable")
  public void disable(@RestPath String person, Proved body) {
    offboard.disable(current.caller(), person, ProofBody.offered(Body.required(body).proof()));
  }

  @POST
  @Path("people/{person}/join")
  public void join(@RestPath String person, Membership body) {
    flow.join(
        current.caller(),
        person,
        Body.required(body).group(),
        ProofBody.offered(Body.required(body).proof()));
  }

  @POST
  @Path("people/{person}/leave")
  public void leave(@RestPath String person, Membership body) {
    flow.leave(
        current.caller(),
        person,
        Body.required(body).group(),
        ProofBody.offered(Body.required(body).proof()));
  }

  private MadeLink made(Link link) {
    return new MadeLink(link.person(), site.url(link.path()), link.until());
  }

  private void requireAdministrator() {
    PeopleFlow.requireAdministrator(current.caller());
  }
}

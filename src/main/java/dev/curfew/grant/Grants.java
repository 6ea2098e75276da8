package dev.curfew.grant;

import dev.curfew.connector.Step;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The grants as they stand. Who may see which is decided above. */
@ApplicationScoped
public class Grants {

  private final EntityManager store;

  Grants(EntityManager store) {
    this.store = store;
  }

  @Transactional
  public Optional<GrantView> view(String id) {
    return some("g.id = :value", id, "g.id").stream().findFirst();
  }

  /** What stopped the last call, with addresses and the driver's words: for administrators. */
  @Transactional
  public Optional<String> problemDetail(String id) {
    return Optional.ofNullable(store.find(Grant.class, id)).map(grant -> grant.problemDetail);
  }

  /** The grant of a request, if it was opened. */
  @Transactional
  public Optional<GrantView> ofRequest(String request) {
    return some("g.requestId = :value", request, "g.createdAt desc").stream().findFirst();
  }

  /** All of a person's grants, newest first. */
  @Transactional
  public List<GrantView> ofPerson(String person) {
    return some("g.person = :value", person, "g.createdAt desc, g.id");
  }

  /** All that is not final, oldest end first. */
  @Transactional
  public List<GrantView> live() {
    return views(
        store
            .createQuery("from Grant g where g.endedAt is null order by g.dueAt, g.id", Grant.class)
            .getResultList());
  }

  /** All that is stuck: first what may still be live, then what is left over. */
  @Transactional
  public List<GrantView> stuck() {
    List<GrantView> stuck = some("g.state = :value", GrantState.STUCK, "g.stuckAt, g.id");
    return stuck.stream().sorted((a, b) -> Boolean.compare(b.stuckLive(), a.stuckLive())).toList();
  }

  /** The person's grant of this entitlement whose end is not decided yet. */
  @Transactional
  public Optional<GrantView> liveFor(String person, String entitlement) {
    return views(
            store
                .createQuery(
                    """
                    from Grant g where g.person = :person and g.entitlement = :entitlement
                    and g.endReason is null order by g.createdAt desc
                    """,
                    Grant.class)
                .setParameter("person", person)
                .setParameter("entitlement", entitlement)
                .setMaxResults(1)
                .getResultList())
        .stream()
        .findFirst();
  }

  /** Why the target takes no new grants because of those it has; empty when it does. */
  @Transactional
  public Optional<String> closed(String target) {
    boolean live =
        !store
            .createQuery(
                """
                select g.id from Grant g where g.target = :target and g.state = :stuck
                and (g.issuingAt is not null or g.aliveOpen) and g.deadAt is null
                """,
                String.class)
            .setParameter("target", target)
            .setParameter("stuck", GrantState.STUCK)
            .setMaxResults(1)
            .getResultList()
            .isEmpty();
    return live
        ? Optional.of(
            target + " takes no new access until one that is over is proven gone from there")
        : Optional.empty();
  }

  private List<GrantView> some(String condition, Object value, String order) {
    return views(
        store
            .createQuery("from Grant g where " + condition + " order by " + order, Grant.class)
            .setParameter("value", value)
            .getResultList());
  }

  private List<GrantView> views(List<Grant> grants) {
    List<String> ids = grants.stream().map(grant -> grant.id).toList();
    Map<String, List<Fact>> facts =
        store
            .createQuery("from Fact f where f.grant in :ids order by f.id", Fact.class)
            .setParameter("ids", ids)
            .getResultStream()
            .collect(Collectors.groupingBy(fact -> fact.grant));
    return grants.stream().map(g -> view(g, facts.getOrDefault(g.id, List.of()))).toList();
  }

  private static GrantView view(Grant grant, List<Fact> facts) {
    return new GrantView(
        grant.id,
        grant.requestId,
        grant.person,
        grant.entitlement,
        grant.target,
        grant.snapshot,
        grant.state,
        grant.endReason,
        grant.endNote,
        grant.endedBy,
        grant.createdAt,
        grant.claimBy,
        grant.dueAt,
        grant.provisionedAt,
        grant.pickedUpAt,
        grant.window(),
        grant.endingAt,
        grant.blockedAt,
        grant.deadAt,
        grant.endedAt,
        grant.verifiedAt,
        grant.stuckAt,
        grant.revokeStep == null ? null : grant.revokeStep.name(),
        grant.attempts,
        grant.problem == null ? null : grant.nextAt,
        grant.problem,
        grant.isStuckLive(),
        grant.aliveAgain,
        grant.guarantee,
        grant.residual,
        Json.lines(grant.effects),
        Fact.leftBehind(facts),
        proof(grant, facts));
  }

  /** Only of the last look: an earlier one proved an earlier end. */
  private static List<String> proof(Grant grant, List<Fact> facts) {
    return facts.stream()
        .filter(fact -> fact.step == Step.VERIFY && fact.at.equals(grant.verifiedAt))
        .map(fact -> fact.line)
        .toList();
  }
}

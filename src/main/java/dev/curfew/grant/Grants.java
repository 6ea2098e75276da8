package dev.curfew.grant;

import dev.curfew.connector.Step;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The grants as they stand. Who may see which is decided above. */
@ApplicationScoped
public class Grants {

  private static final Set<GrantState> OVER = EnumSet.of(GrantState.ENDED, GrantState.CANCELLED);

  /** What is stuck or overstays; the value is {@link Deadlines#overstayed}. */
  private static final String STUCK =
      "g.endedAt is null and (g.state = STUCK"
          + " or g.endReason is null and g.issuingAt is not null and g.dueAt <= :value)";

  private final EntityManager store;
  private final Standing standing;
  private final Deadlines deadlines;

  Grants(EntityManager store, Standing standing, Deadlines deadlines) {
    this.standing = standing;
    this.store = store;
    this.deadlines = deadlines;
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

  /** A person's grants, newest first: at most so many that come after that time and id. */
  @Transactional
  public List<GrantView> ofPerson(String person, Instant before, String id, int most) {
    return newest("g.person = :value", person, before, id, most);
  }

  /** The person's that are not over, newest first. */
  @Transactional
  public List<GrantView> heldBy(String person) {
    return some("g.person = :value and g.endedAt is null", person, "g.createdAt desc, g.id desc");
  }

  /** All that is not final, oldest end first. */
  @Transactional
  public List<GrantView> live() {
    return views(
        store
            .createQuery("from Grant g where g.endedAt is null order by g.dueAt, g.id", Grant.class)
            .getResultList());
  }

  /** The same, newest first; which part as in {@link #ofPerson}. */
  @Transactional
  public List<GrantView> live(Instant before, String id, int most) {
    return newest("g.state not in :value", OVER, before, id, most);
  }

  /** All that is stuck or overstays: first what may still be live, then what is left over. */
  @Transactional
  public List<GrantView> stuck() {
    List<GrantView> stuck = some(STUCK, deadlines.overstayed(), "g.stuckAt, g.id");
    return stuck.stream()
        .sorted((a, b) -> Boolean.compare(b.mayStillBeLive(), a.mayStillBeLive()))
        .toList();
  }

  /** The same, newest first; which part as in {@link #ofPerson}. */
  @Transactional
  public List<GrantView> stuck(Instant before, String id, int most) {
    return newest(STUCK, deadlines.overstayed(), before, id, most);
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

  /**
   * Why the target takes no new grants because of those it has, or because its witness speaks
   * against it; empty when it does.
   */
  @Transactional
  public Optional<String> closed(String target) {
    return standing.against(target).or(() -> closedByLive(target));
  }

  private Optional<String> closedByLive(String target) {
    boolean live =
        !store
            .createQuery(
                """
                select g.id from Grant g where g.target = :target and g.endedAt is null
                and (g.issuingAt is not null or g.aliveOpen)
                and (g.deadAt is null or g.seenLive)
                and (g.state = STUCK or g.endReason is null and g.dueAt <= :overstayed)
                """,
                String.class)
            .setParameter("target", target)
            .setParameter("overstayed", deadlines.overstayed())
            .setMaxResults(1)
            .getResultList()
            .isEmpty();
    return live
        ? Optional.of(
            target + " takes no new access until one that is over is proven gone from there")
        : Optional.empty();
  }

  private List<GrantView> newest(
      String condition, Object value, Instant before, String id, int most) {
    return views(
        store
            .createQuery(
                "from Grant g where "
                    + condition
                    + " and (g.createdAt < :at or (g.createdAt = :at and g.id < :id))"
                    + " order by g.createdAt desc, g.id desc",
                Grant.class)
            .setParameter("value", value)
            .setParameter("at", before)
            .setParameter("id", id)
            .setMaxResults(most)
            .getResultList());
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
    Instant overstayed = deadlines.overstayed();
    return grants.stream()
        .map(g -> view(g, facts.getOrDefault(g.id, List.of()), overstays(g, overstayed)))
        .toList();
  }

  private static boolean overstays(Grant grant, Instant overstayed) {
    return grant.endReason == null && grant.issuingAt != null && !grant.dueAt.isAfter(overstayed);
  }

  private static GrantView view(Grant grant, List<Fact> facts, boolean overstays) {
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
        grant.deadAt(),
        grant.endedAt,
        grant.verifiedAt,
        grant.stuckAt,
        grant.revokeStep == null ? null : grant.revokeStep.name(),
        grant.attempts,
        grant.problem == null ? null : grant.nextAt,
        grant.problem,
        grant.isStuckLive(),
        overstays,
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

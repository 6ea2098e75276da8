package dev.curfew.request;

import dev.curfew.Clocks;
import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.approval.Stage;
import dev.curfew.approval.Workflow;
import dev.curfew.catalog.Catalog;
import dev.curfew.catalog.Offer;
import dev.curfew.grant.Grants;
import dev.curfew.identity.Caller;
import dev.curfew.policy.Decision;
import dev.curfew.policy.Facts;
import dev.curfew.policy.Policies;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the rules, the catalog and the people at hand say to an ask. Changes nothing. */
@ApplicationScoped
class Rulings {

  /** How soon a closed target is looked at again, and a new ask is worth a try. */
  private static final Duration LOOKED_AT_AGAIN = Duration.ofSeconds(5);

  private final Catalog catalog;
  private final Policies policies;
  private final Grants grants;
  private final Voters voters;
  private final Clocks clocks;

  Rulings(Catalog catalog, Policies policies, Grants grants, Voters voters, Clocks clocks) {
    this.catalog = catalog;
    this.policies = policies;
    this.grants = grants;
    this.voters = voters;
    this.clocks = clocks;
  }

  /**
   * @throws CurfewException NOT_FOUND when there is no such thing, or not for this caller
   */
  Offer offer(Caller caller, String entitlement) {
    return catalog
        .offer(entitlement)
        .filter(offer -> mayAsk(caller.groups(), caller.person(), offer.id()))
        .orElseThrow(() -> CurfewException.notFound("entitlement"));
  }

  boolean mayAsk(Set<String> groups, String person, String entitlement) {
    return policies.current().mayAsk(groups, person, entitlement);
  }

  Decision decide(Caller caller, Offer offer, Submit submit) {
    return decide(caller.person(), caller.groups(), offer, submit);
  }

  Decision decide(String person, Set<String> groups, Offer offer, Submit submit) {
    return policies
        .current()
        .decide(Facts.of(person, groups, offer, submit.window(), submit.ticket(), clocks.now()));
  }

  /**
   * The ask as the rules let it pass.
   *
   * @throws CurfewException DENIED_BY_RULE with the shortest way to pass; TARGET_CLOSED
   */
  Draft draft(Caller caller, Offer offer, Submit submit) {
    closed(offer)
        .ifPresent(
            why -> {
              throw new CurfewException(
                      Fault.TARGET_CLOSED, why + "; it is looked at again every few seconds")
                  .retryAfter(LOOKED_AT_AGAIN);
            });
    Decision decision = decide(caller, offer, submit);
    if (decision instanceof Decision.Deny deny) {
      throw new CurfewException(Fault.DENIED_BY_RULE, sentence(deny));
    }
    if (decision instanceof Decision.Allow allow) {
      return Draft.of(offer, allow);
    }
    Draft draft = Draft.of(offer, (Decision.Ask) decision);
    unreachable(caller.person(), draft.stages())
        .ifPresent(
            why -> {
              throw new CurfewException(Fault.DENIED_BY_RULE, why);
            });
    return draft;
  }

  /** Why nothing can be asked for there now. */
  Optional<String> closed(Offer offer) {
    return catalog
        .closed(offer.target())
        .or(() -> grants.closed(offer.target()))
        .or(
            () ->
                offer.refusals().isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                        offer.id()
                            + " cannot be asked for: "
                            + String.join("; ", offer.refusals())));
  }

  /** Why the stages can never be filled by the people there are; empty when they can. */
  Optional<String> unreachable(String requester, List<Stage> stages) {
    Map<String, Set<String>> able = voters.able(requester, stages);
    if (Workflow.couldPass(stages, able)) {
      return Optional.empty();
    }
    List<String> lacks = new ArrayList<>();
    for (Stage stage : stages) {
      long could = able.values().stream().filter(groups -> groups.contains(stage.group())).count();
      if (could < stage.needed()) {
        lacks.add(
            could == 0
                ? "nobody but you could approve this for " + stage.group()
                : "only %d of the %d approvers that %s needs could vote"
                    .formatted(could, stage.needed(), stage.group()));
      }
    }
    if (lacks.isEmpty()) {
      lacks.add("too few people could vote, since each counts for one stage only");
    }
    return Optional.of(
        String.join("; ", lacks)
            + ". Approvers must have been in the group for a day and must not be tied to you; ask"
            + " an administrator to add one");
  }

  static String sentence(Decision.Deny deny) {
    String why = String.join("; ", deny.why());
    return deny.mend().isEmpty() ? why : why + ". To pass: " + String.join(", or ", deny.mend());
  }
}

package dev.curfew.request;

import dev.curfew.account.People;
import dev.curfew.account.Person;
import dev.curfew.approval.Standing;
import dev.curfew.catalog.Catalog;
import dev.curfew.catalog.Offer;
import dev.curfew.grant.Clearance;
import dev.curfew.policy.Decision;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.Optional;

/**
 * Whether an approved request may still be served. Rights that were lost since the approval count:
 * the requester's, and those of the people who agreed.
 */
@ApplicationScoped
class RequestClearance implements Clearance {

  private final StoredRequests requests;
  private final Rulings rulings;
  private final Voters voters;
  private final People people;
  private final Catalog catalog;

  RequestClearance(
      StoredRequests requests, Rulings rulings, Voters voters, People people, Catalog catalog) {
    this.requests = requests;
    this.rulings = rulings;
    this.voters = voters;
    this.people = people;
    this.catalog = catalog;
  }

  @Override
  @Transactional
  public Optional<String> objection(String requestId, String grantId, boolean handingOut) {
    Optional<AccessRequest> found =
        requests.find(requestId).filter(request -> request.grant.equals(grantId));
    if (found.isEmpty()) {
      return Optional.of("there is no request behind it");
    }
    AccessRequest request = found.get();
    if (request.state != RequestState.APPROVED) {
      return Optional.of("its request is not approved");
    }
    // what stands is not withheld because office hours ended: its window does that
    Optional<String> objection = handingOut ? ofRequester(request) : ofRules(request);
    return objection.or(() -> ofApprovals(request));
  }

  /** The same, and that the rules, with all their conditions, do not deny it now. */
  Optional<String> ofRules(AccessRequest request) {
    return ofRequester(request)
        .or(
            () ->
                denied(
                    request,
                    people.mustBe(request.person),
                    catalog.offer(request.entitlement).orElseThrow()));
  }

  /** Why the requester may not have it now: disabled, or it is no longer theirs to ask for. */
  private Optional<String> ofRequester(AccessRequest request) {
    Optional<Person> person = people.person(request.person).filter(Person::enabled);
    if (person.isEmpty()) {
      return Optional.of("the requester is disabled");
    }
    if (catalog.offer(request.entitlement).isEmpty()) {
      return Optional.of(request.entitlement + " is no longer offered");
    }
    if (!rulings.mayAsk(person.get().groups(), request.person, request.entitlement)) {
      return Optional.of(person.get().name() + " may no longer ask for " + request.entitlement);
    }
    return Optional.empty();
  }

  private Optional<String> denied(AccessRequest request, Person person, Offer offer) {
    Submit again =
        new Submit(request.entitlement, (int) request.window().toMinutes(), "", request.ticket);
    Decision decision = rulings.decide(person.id(), person.groups(), offer, again);
    return decision instanceof Decision.Deny deny
        ? Optional.of("the rules deny it now: " + String.join("; ", deny.why()))
        : Optional.empty();
  }

  private Optional<String> ofApprovals(AccessRequest request) {
    Standing standing = voters.standing(request, requests.votes(request.id));
    return request.stages.isEmpty() || standing.state() == Standing.State.APPROVED
        ? Optional.empty()
        : Optional.of("who approved it may no longer approve it; ask again");
  }
}

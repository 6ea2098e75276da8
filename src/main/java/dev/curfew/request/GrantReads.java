package dev.curfew.request;

import dev.curfew.CurfewException;
import dev.curfew.audit.Moment;
import dev.curfew.audit.Timeline;
import dev.curfew.grant.GrantState;
import dev.curfew.grant.GrantView;
import dev.curfew.grant.Grants;
import dev.curfew.identity.Caller;
import dev.curfew.identity.Role;
import dev.curfew.identity.Scope;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads grants. Seen by whoever may see the request behind it. */
@ApplicationScoped
public class GrantReads {

  /** How many are looked through at once for those that a caller may see. */
  private static final int AT_ONCE = 200;

  private final Grants grants;
  private final StoredRequests requests;
  private final Wording wording;
  private final Timeline timeline;

  GrantReads(Grants grants, StoredRequests requests, Wording wording, Timeline timeline) {
    this.grants = grants;
    this.requests = requests;
    this.wording = wording;
    this.timeline = timeline;
  }

  /**
   * @throws CurfewException NOT_FOUND
   */
  @Transactional
  public SeenGrant view(Caller caller, String grantId) {
    Rights.demand(caller, Scope.READ);
    return mustSee(caller, grantId);
  }

  /** All that happened to it, from the request on. */
  @Transactional
  public List<Moment> timeline(Caller caller, String grantId) {
    Rights.demand(caller, Scope.READ);
    return timeline.ofGrant(mustSee(caller, grantId).grant().id());
  }

  /**
   * The caller's own, newest first.
   *
   * @param cursor {@link Page#next} of the page before; null for the first
   * @param limit at most so many
   */
  @Transactional
  public Page<SeenGrant> mine(Caller caller, String cursor, int limit) {
    Rights.demand(caller, Scope.READ);
    return page(
        caller,
        (after, most) -> grants.ofPerson(caller.person(), after.createdAt(), after.id(), most),
        cursor,
        limit);
  }

  /** The caller's own that are not over, newest first. */
  @Transactional
  public List<SeenGrant> held(Caller caller) {
    Rights.demand(caller, Scope.READ);
    return seen(caller, grants.heldBy(caller.person()));
  }

  /** All that is not over and the caller may see. */
  @Transactional
  public List<SeenGrant> live(Caller caller) {
    Rights.demand(caller, Scope.READ);
    return seen(caller, grants.live());
  }

  /** The same in parts, newest first; cursor and limit as in {@link #mine}. */
  @Transactional
  public Page<SeenGrant> live(Caller caller, String cursor, int limit) {
    Rights.demand(caller, Scope.READ);
    return page(
        caller, (after, most) -> grants.live(after.createdAt(), after.id(), most), cursor, limit);
  }

  /**
   * What is stuck; for administrators and auditors.
   *
   * @throws CurfewException NOT_ALLOWED
   */
  @Transactional
  public List<SeenGrant> stuck(Caller caller) {
    Rights.demandReaderOfAll(caller);
    return seen(caller, grants.stuck());
  }

  /** The same in parts, newest first; cursor and limit as in {@link #mine}. */
  @Transactional
  public Page<SeenGrant> stuck(Caller caller, String cursor, int limit) {
    Rights.demandReaderOfAll(caller);
    return page(
        caller, (after, most) -> grants.stuck(after.createdAt(), after.id(), most), cursor, limit);
  }

  /** Part of a list of the store: at most so many after that one. */
  private interface Listed {
    List<GrantView> after(Cursor cursor, int most);
  }

  /** What the caller may not see takes no place in a page, so the store may be asked again. */
  private Page<SeenGrant> page(Caller caller, Listed list, String cursor, int limit) {
    List<SeenGrant> page = new ArrayList<>();
    Cursor after = Cursor.of(cursor, Cursor.START);
    // one more than fits tells whether there is a next page
    int most = limit + 1;
    while (true) {
      List<GrantView> found = list.after(after, most);
      for (SeenGrant each : seen(caller, found)) {
        if (page.size() == limit) {
          return new Page<>(page, Cursor.after(page.get(limit - 1).grant()).text());
        }
        page.add(each);
      }
      if (found.size() < most) {
        return new Page<>(page, null);
      }
      after = Cursor.after(found.get(most - 1));
      most = AT_ONCE;
    }
  }

  /** For flows: what their tokens are for they ask themselves. */
  SeenGrant mustSee(Caller caller, String grantId) {
    return grants
        .view(grantId)
        .flatMap(grant -> seen(caller, grant))
        .orElseThrow(() -> CurfewException.notFound("grant"));
  }

  private List<SeenGrant> seen(Caller caller, List<GrantView> found) {
    return found.stream().flatMap(grant -> seen(caller, grant).stream()).toList();
  }

  private Optional<SeenGrant> seen(Caller caller, GrantView grant) {
    return requests
        .find(grant.requestId())
        .filter(request -> Rights.maySee(caller, request))
        .map(request -> seen(caller, grant, request));
  }

  private SeenGrant seen(Caller caller, GrantView grant, AccessRequest request) {
    boolean mine = caller.is(grant.person());
    boolean endable = !grant.state().isFinal() && !grant.state().isEnding();
    boolean revokes = caller.has(Role.ADMINISTRATOR) || Rights.approves(caller, request);
    return new SeenGrant(
        grant,
        Rights.seesAll(caller) ? grants.problemDetail(grant.id()).orElse(null) : null,
        wording.name(grant.person()),
        mine,
        mine && grant.canBePickedUp() && caller.may(Scope.REQUEST),
        request.pickUpByPasskey,
        mine && endable && caller.may(Scope.REQUEST),
        revokes && endable && (caller.may(Scope.APPROVE) || caller.may(Scope.ADMIN)),
        !mine
            && caller.has(Role.ADMINISTRATOR)
            && caller.may(Scope.ADMIN)
            && grant.state() == GrantState.STUCK);
  }
}

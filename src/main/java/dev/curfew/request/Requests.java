package dev.curfew.request;

import dev.curfew.Clocks;
import dev.curfew.CurfewException;
import dev.curfew.identity.Caller;
import dev.curfew.identity.Role;
import dev.curfew.identity.Scope;
import dev.curfew.policy.Policies;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;

/**
 * Reads requests. Seen by the requester, the members of its stages' groups, auditors and
 * administrators; for all others there is no such request.
 */
@ApplicationScoped
public class Requests {

  private static final int NEWEST = 50;
  private static final int LONGEST_PAGE = 200;

  private final StoredRequests requests;
  private final Rights rights;
  private final RequestViews views;
  private final Policies policies;
  private final Clocks clocks;

  Requests(
      StoredRequests requests,
      Rights rights,
      RequestViews views,
      Policies policies,
      Clocks clocks) {
    this.requests = requests;
    this.rights = rights;
    this.views = views;
    this.policies = policies;
    this.clocks = clocks;
  }

  /**
   * @throws dev.curfew.CurfewException NOT_FOUND
   */
  @Transactional
  public RequestView view(Caller caller, String id) {
    Rights.demand(caller, Scope.READ);
    return views.of(caller, rights.mustSee(caller, id));
  }

  /** The rules' decision with its trace, as JSON; who may see the request may see it. */
  @Transactional
  public String trace(Caller caller, String id) {
    Rights.demand(caller, Scope.READ);
    return rights.mustSee(caller, id).trace;
  }

  /** The caller's newest 50. */
  @Transactional
  public List<RequestView> mine(Caller caller) {
    return views(caller, requests.of(caller.person(), null, Cursor.START, NEWEST));
  }

  /** What waits for the caller's vote, the oldest first. */
  @Transactional
  public List<RequestView> inbox(Caller caller) {
    return views(caller, waiting(caller, Cursor.OLDEST, LONGEST_PAGE));
  }

  @Transactional
  public int inboxCount(Caller caller) {
    return requests.countWaitingFor(caller.person(), caller.groups(), clocks.now());
  }

  /**
   * Whether the inbox is of use to the caller: to approve what others ask for, or to end what they
   * hold.
   */
  public boolean hasInbox(Caller caller) {
    if (caller.has(Role.ADMINISTRATOR)) {
      return true;
    }
    try {
      return policies.current().isApprover(caller.groups());
    } catch (CurfewException noRules) {
      return false;
    }
  }

  /**
   * Newest first; the inbox oldest first.
   *
   * @param state null for any; the inbox has only what is pending
   * @param cursor {@link Page#next} of the page before; null for the first
   * @param limit 1 to 200; what is outside counts as the nearest
   */
  @Transactional
  public Page<RequestView> page(
      Caller caller, Box box, RequestState state, String cursor, int limit) {
    Rights.demand(caller, Scope.READ);
    Cursor begin = box == Box.INBOX ? Cursor.OLDEST : Cursor.START;
    int most = Math.max(1, Math.min(limit, LONGEST_PAGE));
    // one more than fits tells whether there is a next page
    List<AccessRequest> found = find(caller, box, state, Cursor.of(cursor, begin), most + 1);
    if (found.size() <= most) {
      return new Page<>(views(caller, found), null);
    }
    List<AccessRequest> shown = found.subList(0, most);
    return new Page<>(views(caller, shown), Cursor.after(shown.get(most - 1)).text());
  }

  /** How many wait for a vote, anybody's. For metrics. */
  @Transactional
  public long pending() {
    return requests.pending();
  }

  private List<AccessRequest> find(
      Caller caller, Box box, RequestState state, Cursor after, int most) {
    return switch (box) {
      case MINE -> requests.of(caller.person(), state, after, most);
      case INBOX -> waiting(caller, after, most);
      case ALL ->
          Rights.seesAll(caller)
              ? requests.all(state, after, most)
              : requests.seenBy(caller.person(), caller.groups(), state, after, most);
    };
  }

  private List<AccessRequest> waiting(Caller caller, Cursor after, int most) {
    return requests.waitingFor(caller.person(), caller.groups(), clocks.now(), after, most);
  }

  private List<RequestView> views(Caller caller, List<AccessRequest> found) {
    return found.stream().map(request -> views.of(caller, request)).toList();
  }
}

package dev.curfew.request;

import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.identity.Caller;
import dev.curfew.identity.Role;
import dev.curfew.identity.Scope;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Locale;

/** Who may see a request and the grant that came of it, and what a token may be used for. */
@ApplicationScoped
class Rights {

  private final StoredRequests requests;

  Rights(StoredRequests requests) {
    this.requests = requests;
  }

  /**
   * @throws CurfewException NOT_ALLOWED when the caller's token is not for this
   */
  static void demand(Caller caller, Scope scope) {
    if (!caller.may(scope)) {
      throw new CurfewException(
          Fault.NOT_ALLOWED,
          "this token may not do that; make one with the scope "
              + scope.name().toLowerCase(Locale.ROOT));
    }
  }

  /**
   * @throws CurfewException NOT_ALLOWED unless an administrator's
   */
  static void demandAdministrator(Caller caller) {
    if (!caller.has(Role.ADMINISTRATOR)) {
      throw new CurfewException(Fault.NOT_ALLOWED, "only an administrator may do that");
    }
    demand(caller, Scope.ADMIN);
  }

  static boolean seesAll(Caller caller) {
    return caller.has(Role.ADMINISTRATOR) || caller.has(Role.AUDITOR);
  }

  /**
   * @throws CurfewException NOT_ALLOWED unless an administrator's or auditor's
   */
  static void demandReaderOfAll(Caller caller) {
    if (!seesAll(caller)) {
      throw new CurfewException(
          Fault.NOT_ALLOWED, "this is for administrators and auditors; ask an administrator");
    }
    demand(caller, Scope.READ);
  }

  static boolean approves(Caller caller, AccessRequest request) {
    return request.stages.stream().anyMatch(stage -> caller.groups().contains(stage.group));
  }

  static boolean maySee(Caller caller, AccessRequest request) {
    return caller.is(request.person) || seesAll(caller) || approves(caller, request);
  }

  /**
   * @throws CurfewException NOT_ALLOWED unless it is the caller's own
   */
  static void mustOwn(Caller caller, AccessRequest request) {
    if (!caller.is(request.person)) {
      throw new CurfewException(Fault.NOT_ALLOWED, "only the requester may do that");
    }
  }

  /**
   * @throws CurfewException NOT_FOUND when there is none, and when it is not for this caller's eyes
   */
  AccessRequest mustSee(Caller caller, String requestId) {
    return requests
        .find(requestId)
        .filter(request -> maySee(caller, request))
        .orElseThrow(() -> CurfewException.notFound("request"));
  }
}

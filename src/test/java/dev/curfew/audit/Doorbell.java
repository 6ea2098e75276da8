package dev.curfew.audit;

import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.identity.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

/** Flows that refuse, for the tests of what is written then. */
@ApplicationScoped
class Doorbell {

  record Ring(String request, String entitlement, String reason) {}

  private final Audit audit;
  private final Nested nested;

  Doorbell(Audit audit, Nested nested) {
    this.audit = audit;
    this.nested = nested;
  }

  @Recorded("ring")
  @Transactional
  public void ring(Caller caller, Ring ring, String grantId) {
    audit.record(Entry.of(Kind.REQUEST_CANCELLED, caller).request(ring.request()));
    throw new CurfewException(Fault.WRONG_STATE, "grant already ended");
  }

  @Recorded("outer")
  @Transactional
  public void outer(Caller caller, String request) {
    nested.inner(caller, request);
  }

  @Recorded("outer-mends")
  @Transactional
  public String outerMends(Caller caller, String request) {
    try {
      nested.inner(caller, request);
      return "let in";
    } catch (CurfewException e) {
      return "mended";
    }
  }

  @Recorded("broken")
  public void broken(Caller caller, String request) {
    throw new IllegalStateException("a fault of ours");
  }

  @ApplicationScoped
  static class Nested {

    @Recorded("inner")
    @Transactional(dontRollbackOn = CurfewException.class)
    public void inner(Caller caller, String request) {
      throw new CurfewException(Fault.DENIED_BY_RULE, "only on weekdays");
    }
  }
}

package dev.curfew.grant;

import dev.curfew.connector.Handle;
import dev.curfew.connector.Plan;
import dev.curfew.connector.Receipt;
import java.time.Instant;

/**
 * All that a call to a target needs, read under the claim.
 *
 * @param until when the grant ends by itself
 * @param seenLive whether somebody may be inside until a look says otherwise
 */
record Call(Plan plan, Receipt receipt, Instant until, boolean seenLive) {

  static Call of(Grant grant) {
    return new Call(
        new Plan(grant.handle(), Json.lines(grant.effects)),
        grant.receipt(),
        grant.dueAt,
        grant.seenLive);
  }

  Handle handle() {
    return plan.handle();
  }
}

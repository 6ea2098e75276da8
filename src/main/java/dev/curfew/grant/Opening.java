package dev.curfew.grant;

import dev.curfew.Ids;
import java.time.Duration;
import java.util.Objects;

/**
 * A grant to be opened: the request behind it is approved.
 *
 * @param grantId reserved at submit
 * @param window how long access lasts from the first pick-up
 * @param claimBy how long from now it waits to be picked up
 * @param effects as stored with the request and read by its approvers
 * @param snapshot digest of the packs and rules it was decided by
 */
public record Opening(
    String grantId,
    String requestId,
    String person,
    String entitlement,
    String target,
    Duration window,
    Duration claimBy,
    Effects effects,
    String snapshot) {

  public Opening {
    if (!Ids.isId(grantId)) {
      throw new IllegalArgumentException("not a grant's id: " + grantId);
    }
    if (window.isNegative() || window.isZero() || claimBy.isNegative() || claimBy.isZero()) {
      throw new IllegalArgumentException("a window and a claim-by are longer than nothing");
    }
    Objects.requireNonNull(requestId);
    Objects.requireNonNull(person);
    Objects.requireNonNull(entitlement);
    Objects.requireNonNull(target);
    Objects.requireNonNull(effects);
  }
}

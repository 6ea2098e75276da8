package dev.curfew.grant;

import java.time.Instant;

/**
 * The right to make one call for a grant, until the lease runs out or somebody raises the fence.
 *
 * @param fence what the grant's fence was raised to by this claim
 */
record Claim(String grant, String target, String owner, long fence, Instant leasedUntil) {}

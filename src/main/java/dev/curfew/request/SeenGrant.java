package dev.curfew.request;

import dev.curfew.grant.GrantView;

/**
 * A grant as its reader may see it, with what the reader may do to it now.
 *
 * @param problemDetail what stopped the last call, with addresses and the driver's words; null for
 *     whoever is neither administrator nor auditor
 * @param personName what its person is called
 * @param mine whether it is the reader's own
 */
public record SeenGrant(
    GrantView grant,
    String problemDetail,
    String personName,
    boolean mine,
    boolean mayPickUp,
    boolean pickUpByPasskey,
    boolean mayGiveBack,
    boolean mayRevoke,
    boolean mayAttest) {}

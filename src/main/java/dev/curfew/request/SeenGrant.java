package dev.curfew.request;

import dev.curfew.grant.GrantView;

/**
 * A grant as its reader may see it, with what the reader may do to it now.
 *
 * @param personName what its person is called
 * @param mine whether it is the reader's own
 */
public record SeenGrant(
    GrantView grant,
    String personName,
    boolean mine,
    boolean mayPickUp,
    boolean pickUpByPasskey,
    boolean mayGiveBack,
    boolean mayRevoke,
    boolean mayAttest) {}

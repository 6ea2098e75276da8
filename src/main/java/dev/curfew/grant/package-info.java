/**
 * The access itself: opened, provisioned, picked up, taken away, proven gone.
 *
 * <p>Flows write ({@link dev.curfew.grant.GrantFlow}, {@link dev.curfew.grant.Pickup}), workers do
 * the effects ({@link dev.curfew.grant.GrantWorker}), and {@link dev.curfew.grant.Reconciler} holds
 * the targets against the store. Nothing above this package sees a connector type.
 */
package dev.curfew.grant;

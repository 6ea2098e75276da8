/**
 * What happened, written in the transaction in which it happens. Flows write; doors write only the
 * refusals that never reach a flow.
 */
package dev.curfew.audit;

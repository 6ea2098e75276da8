/**
 * The contract between Curfew and what can be entered. Sees only {@code java.*}: a connector is
 * written against this package and its own SDK, and against nothing else of Curfew.
 */
package dev.curfew.connector;

/**
 * Who may have what, and who must agree: rules over typed facts. Pure: no store, no wire, and the
 * time is one of the facts.
 */
package dev.curfew.policy;

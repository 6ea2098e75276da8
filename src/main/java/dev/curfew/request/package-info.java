/**
 * The flows of a request: ask, vote, lapse, pick up, end, disable a person, accept a snapshot. Each
 * move is one transaction that loads, decides, moves and records; no target is called in it.
 */
package dev.curfew.request;

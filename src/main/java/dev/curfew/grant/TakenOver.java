package dev.curfew.grant;

/** Fired when a call was claimed whose last worker's lease had run out, for the meters. */
public record TakenOver(String grant, String target) {}

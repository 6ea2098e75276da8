package dev.curfew.audit;

/**
 * That somebody proved to be who they are, as the history keeps it.
 *
 * @param words for people: "passkey, bound to this vote"
 * @param id its number
 */
public record Proven(String words, String id) {}

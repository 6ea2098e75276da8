package dev.curfew.catalog;

/**
 * One file of rules of a snapshot.
 *
 * @param name its path below its folder, for example {@code orders.yaml}
 */
public record RuleFile(String name, String text) {}

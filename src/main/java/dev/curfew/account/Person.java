package dev.curfew.account;

import java.time.Instant;
import java.util.Set;

/**
 * One human.
 *
 * @param user the name typed at sign-in
 * @param enabled a disabled person cannot sign in and is nobody's approver
 * @param groups sorted
 * @param settled of the installation's first day or of the demo: no waiting time applies
 */
public record Person(
    String id,
    String name,
    String user,
    boolean enabled,
    Set<String> groups,
    Instant since,
    boolean settled) {}

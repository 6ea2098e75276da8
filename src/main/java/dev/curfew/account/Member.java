package dev.curfew.account;

import java.time.Instant;

/** Somebody in a group, {@code since} then. Only people who are enabled are members. */
public record Member(String person, String name, Instant since, boolean settled) {}

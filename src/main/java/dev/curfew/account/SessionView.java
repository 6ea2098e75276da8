package dev.curfew.account;

import java.time.Instant;

/** A browser session, for its owner. {@code agent} is what the browser calls itself. */
public record SessionView(
    String id, String address, String agent, Instant since, Instant seenAt, Instant until) {}

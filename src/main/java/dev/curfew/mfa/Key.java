package dev.curfew.mfa;

import java.time.Instant;

/**
 * A person's passkey.
 *
 * @param usedAt null when it never was
 * @param countsAsCodeUntil null when it counts in full; it was added with a code otherwise
 */
public record Key(
    String id, String name, Instant since, Instant usedAt, Instant countsAsCodeUntil) {}

package dev.curfew.grant;

import java.time.Duration;

/**
 * Fired after a revocation was proven, for the meters.
 *
 * @param blockedAfter from the end being due to nobody being able to log in
 * @param deadAfter from the end being due to no session being left
 */
public record Revoked(String grant, String target, Duration blockedAfter, Duration deadAfter) {}

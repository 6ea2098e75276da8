package dev.curfew.connector;

import java.time.Instant;

/**
 * What Curfew writes on everything it makes at a target.
 *
 * @param until when the access is over by its own mark
 */
public record Mark(String installation, String broker, String grant, Instant until) {}

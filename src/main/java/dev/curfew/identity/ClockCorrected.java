package dev.curfew.identity;

import java.time.Duration;
import java.time.Instant;

/**
 * An administrator accepted that the store's clock was set back. Fired in that transaction: whoever
 * keeps ends of anything moves them back by as much, so that what was left of them is still left
 * and no more.
 *
 * @param by how far the time that counts goes back, above zero
 * @param now the time from here on
 */
public record ClockCorrected(Duration by, Instant now) {}

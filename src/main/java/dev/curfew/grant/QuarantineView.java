package dev.curfew.grant;

import java.time.Instant;
import java.util.List;

/**
 * Whether the store went back, and what differs.
 *
 * @param generation raised by the end of each quarantine
 * @param since null while there is none
 * @param reasons what the witnesses said
 * @param notSeen targets that could not be looked at since it began, with the reason; after its end
 *     those that still could not be: nothing ends there by time until they were
 */
public record QuarantineView(
    boolean on,
    long generation,
    Instant since,
    List<String> reasons,
    List<DifferenceView> differences,
    List<String> notSeen) {}

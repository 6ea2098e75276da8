package dev.curfew.request;

import dev.curfew.approval.Choice;
import java.time.Instant;

/**
 * A vote as people read it.
 *
 * @param proof which proof of MFA came with it, in words
 * @param voided why it no longer counts; null while it does
 */
public record VoteView(
    String person,
    String name,
    Choice choice,
    String reason,
    String proof,
    Instant at,
    String voided) {}

package dev.curfew.request;

/**
 * Who must agree, and how far that is.
 *
 * @param words for people: "two approvers of dba-oncall, because the window is longer than 2 h"
 * @param have approvals that count so far
 * @param acceptCode whether a code is enough as the voter's proof
 */
public record StageView(
    String name, String group, int needed, int have, boolean acceptCode, String words) {}

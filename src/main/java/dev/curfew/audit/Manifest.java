package dev.curfew.audit;

import java.util.Map;

/**
 * What an export states about itself.
 *
 * @param filter the conditions by name
 * @param upTo the last number the export may hold
 * @param rows how many entries it holds
 * @param bytes the size of what the digest is over: for CSV the whole file, for JSONL all lines but
 *     the last
 * @param sha256 in hexadecimal
 */
public record Manifest(
    String file, Map<String, String> filter, long upTo, long rows, long bytes, String sha256) {}

package dev.curfew.catalog;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A target as people see it.
 *
 * @param connect host and port people connect to
 * @param closed why it takes no new grants; empty when it does
 * @param closedDetail the same with addresses and the driver's words, where a check closed it
 * @param otherServer what answers in place of the server it is known as, or that one after it was
 *     put back in time, for an administrator to accept; empty when all is as it should be
 * @param warnings what a check found and does not close it
 * @param checkedAt when it was last checked from this node
 * @param entitlements ids of what can be asked for on it
 */
public record TargetView(
    String id,
    String title,
    String description,
    List<String> tags,
    String pack,
    String kind,
    String connect,
    Optional<String> closed,
    Optional<String> closedDetail,
    Optional<String> otherServer,
    List<String> warnings,
    Optional<Instant> checkedAt,
    List<String> entitlements) {

  public TargetView {
    tags = List.copyOf(tags);
    warnings = List.copyOf(warnings);
    entitlements = List.copyOf(entitlements);
  }

  public boolean isOpen() {
    return closed.isEmpty();
  }
}

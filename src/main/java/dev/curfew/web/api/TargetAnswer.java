package dev.curfew.web.api;

import dev.curfew.catalog.TargetView;
import java.time.Instant;
import java.util.List;

/**
 * A target and how it is.
 *
 * @param closed why it takes no new grants; null when it does
 * @param closedDetail the same with addresses and the driver's words
 * @param otherServer what answers in place of the server it is known as, or that one after it was
 *     put back in time; null when all is as it should be
 */
public record TargetAnswer(
    String id,
    String title,
    String description,
    List<String> tags,
    String pack,
    String kind,
    String connect,
    boolean open,
    String closed,
    String closedDetail,
    String otherServer,
    List<String> warnings,
    Instant checkedAt,
    List<String> entitlements) {

  static TargetAnswer of(TargetView target) {
    return new TargetAnswer(
        target.id(),
        target.title(),
        target.description(),
        target.tags(),
        target.pack(),
        target.kind(),
        target.connect(),
        target.isOpen(),
        target.closed().orElse(null),
        target.closedDetail().orElse(null),
        target.otherServer().orElse(null),
        target.warnings(),
        target.checkedAt().orElse(null),
        target.entitlements());
  }
}

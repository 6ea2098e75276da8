package dev.curfew.catalog;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What can be asked for, with what it gives as read from its target.
 *
 * @param id for example {@code orders-db/read-only}
 * @param longest the longest window
 * @param gives one line per privilege; empty when the target was not read yet
 * @param everyone what any login on this server can do as well
 * @param refusals why it cannot be asked for as its target stands; empty when it can
 * @param readAt when the target was last read
 * @param guarantee {@code G1}, {@code G2} or {@code G3}
 * @param maxResidual how long access may at most outlive the window with the broker alive
 * @param residual the same in words
 */
public record Offer(
    String id,
    String target,
    String title,
    String description,
    List<String> tags,
    Level level,
    Duration longest,
    List<String> gives,
    List<String> everyone,
    List<String> refusals,
    Optional<Instant> readAt,
    String guarantee,
    Duration maxResidual,
    String residual) {

  public Offer {
    tags = List.copyOf(tags);
    gives = List.copyOf(gives);
    everyone = List.copyOf(everyone);
    refusals = List.copyOf(refusals);
  }
}

package dev.curfew.grant;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * What a grant would do at its target, as the approver reads it.
 *
 * @param lines one sentence each
 * @param hash SHA-256, in hex, over all that a reader relies on; {@link GrantFlow#open} refuses
 *     when a fresh preview hashes differently
 * @param handleJson what finds and revokes the access later; holds no secret
 * @param guarantee {@code G1}, {@code G2} or {@code G3}: what the target does by itself at the end
 * @param maxResidual how long access may at most outlive its window while the broker lives
 * @param residual the same in words, with what is not covered
 */
public record Effects(
    List<String> lines,
    String hash,
    String handleJson,
    String guarantee,
    Duration maxResidual,
    String residual) {

  public Effects {
    lines = List.copyOf(lines);
    Objects.requireNonNull(hash);
    Objects.requireNonNull(handleJson);
  }
}

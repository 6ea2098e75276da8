package dev.curfew.web.api;

import dev.curfew.grant.Handover;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What is handed out once. Ask again and it is replaced by a new one.
 *
 * @param values the same lines by name, for scripts
 */
public record HandoverAnswer(
    String grant, Instant until, Map<String, String> values, List<Handover.Line> lines) {

  static HandoverAnswer of(String grant, Handover handover) {
    return new HandoverAnswer(
        grant,
        handover.until(),
        handover.lines().stream()
            .collect(Collectors.toMap(Handover.Line::name, Handover.Line::value)),
        handover.lines());
  }

  @Override
  public String toString() {
    return "HandoverAnswer[redacted, grant=" + grant + "]";
  }
}

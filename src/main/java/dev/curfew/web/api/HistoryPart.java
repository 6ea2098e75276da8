package dev.curfew.web.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.curfew.audit.History;
import dev.curfew.audit.Progress;
import java.time.Instant;
import java.util.List;

/**
 * Part of the history, newest first.
 *
 * @param next the cursor of the next part; missing at the end
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HistoryPart(List<HistoryEntry> items, String next, Complete complete) {

  /**
   * How far the history is complete.
   *
   * @param upTo the last number
   * @param at the time of that entry; missing while there is none
   * @param newer how many newer entries have no number yet
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Complete(long upTo, Instant at, long newer) {

    static Complete of(Progress progress) {
      return new Complete(progress.n(), progress.at(), progress.newer());
    }
  }

  static HistoryPart of(History.Page page) {
    return new HistoryPart(
        page.moments().stream().map(HistoryEntry::of).toList(),
        page.next().isPresent() ? Long.toString(page.next().getAsLong()) : null,
        Complete.of(page.progress()));
  }
}

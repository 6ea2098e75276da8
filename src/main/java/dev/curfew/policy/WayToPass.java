package dev.curfew.policy;

import dev.curfew.catalog.Spans;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the smallest change that would pass, by trying: first a ticket, then a shorter window, then
 * both, then another time, then a group. The number of tries is limited.
 */
final class WayToPass {

  private static final int MOST_TRIES = 400;
  private static final String SOME_TICKET = "TICKET-1";
  private static final DateTimeFormatter DAY_AND_HOUR =
      DateTimeFormatter.ofPattern("EEE d MMM HH:mm 'UTC'", Locale.ENGLISH).withZone(ZoneOffset.UTC);

  private final Policy policy;
  private int tries;

  WayToPass(Policy policy) {
    this.policy = policy;
  }

  /** One sentence each; all of them together pass. Empty when nothing tried would help. */
  List<String> from(Facts facts) {
    Facts ticketed = facts.withTicket(SOME_TICKET);
    boolean noTicket = facts.ticket().isBlank() && policy.looksAt("ticket", facts.entitlement());
    if (noTicket && passes(ticketed)) {
      return List.of("add a ticket");
    }
    Optional<Duration> shorter = longestThatPasses(facts);
    if (shorter.isPresent()) {
      return List.of(askFor(shorter.get()));
    }
    if (noTicket) {
      Optional<Duration> both = longestThatPasses(ticketed);
      if (both.isPresent()) {
        return List.of("add a ticket", askFor(both.get()));
      }
    }
    return later(facts).or(() -> group(facts)).map(List::of).orElse(List.of());
  }

  private static String askFor(Duration window) {
    return "ask for " + Spans.words(window) + " or less";
  }

  private boolean passes(Facts facts) {
    return ++tries <= MOST_TRIES && !policy.denies(facts);
  }

  /** Looks for a window that passes, then halves the way up to the one asked for. */
  private Optional<Duration> longestThatPasses(Facts facts) {
    if (!policy.looksAt("window", facts.entitlement())) {
      return Optional.empty();
    }
    long asked = facts.window().toMinutes();
    for (long minutes : candidates(asked)) {
      if (passes(facts.withWindow(Duration.ofMinutes(minutes)))) {
        return Optional.of(Duration.ofMinutes(upwards(facts, minutes, asked)));
      }
    }
    return Optional.empty();
  }

  private static List<Long> candidates(long asked) {
    List<Long> below = new ArrayList<>();
    for (long minutes = asked / 2; minutes > 1; minutes /= 2) {
      below.add(minutes);
    }
    if (asked > 1) {
      below.add(1L);
    }
    return below;
  }

  private long upwards(Facts facts, long good, long bad) {
    while (bad - good > 1) {
      long middle = (good + bad) / 2;
      if (passes(facts.withWindow(Duration.ofMinutes(middle)))) {
        good = middle;
      } else {
        bad = middle;
      }
    }
    return good;
  }

  private Optional<String> later(Facts facts) {
    if (!policy.looksAt("now", facts.entitlement())) {
      return Optional.empty();
    }
    Instant hour = facts.now().truncatedTo(ChronoUnit.HOURS);
    for (int hours = 1; hours <= 7 * 24; hours++) {
      Instant then = hour.plus(hours, ChronoUnit.HOURS);
      if (passes(facts.at(then))) {
        return Optional.of("ask again from " + DAY_AND_HOUR.format(then));
      }
    }
    return Optional.empty();
  }

  private Optional<String> group(Facts facts) {
    for (String group : policy.groupsNamed(facts.entitlement())) {
      Set<String> groups = new HashSet<>(facts.groups());
      if (groups.add(group) && passes(facts.withGroups(groups))) {
        return Optional.of("be in the group " + group + "; an administrator can add you");
      }
    }
    return Optional.empty();
  }
}

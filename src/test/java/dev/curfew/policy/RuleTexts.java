package dev.curfew.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.curfew.catalog.Level;
import dev.curfew.catalog.Problem;
import dev.curfew.catalog.RuleFile;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Rules and facts for tests, from the text a person would write. */
final class RuleTexts {

  static final Set<String> OFFERED =
      Set.of("orders-db/read-only", "orders-db/read-write", "stock-db/read-only");

  private RuleTexts() {}

  static Policy policy(String... files) {
    List<Problem> problems = new ArrayList<>();
    List<Rule> rules = new Rules().read(files(files), problems);
    assertEquals(List.of(), problems);
    return new Policy("snapshot", rules, tried -> {});
  }

  static List<Problem> problems(String... files) {
    return new Rules().check(files(files), OFFERED);
  }

  private static List<RuleFile> files(String... texts) {
    List<RuleFile> files = new ArrayList<>();
    for (String text : texts) {
      files.add(new RuleFile("approvals/" + (files.size() + 1) + ".yaml", text));
    }
    return files;
  }

  static Facts asking(Duration window, String... groups) {
    return new Facts(
        "ana",
        Set.of(groups),
        "orders-db/read-only",
        "orders-db",
        Level.READ,
        Set.of("postgresql"),
        window,
        "",
        Instant.parse("2026-11-22T02:30:00Z"));
  }
}

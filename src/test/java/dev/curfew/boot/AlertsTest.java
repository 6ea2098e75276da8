package dev.curfew.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The alert rules fire when they should, and each has its lines for whoever is woken by it. */
class AlertsTest {

  private static final Path RULES = Path.of("deploy", "alerts.yml");
  private static final Path SERIES = Path.of("deploy", "alerts-test.yml");

  @Test
  void theRulesFireOnRealSeriesAndOnlyThen() throws IOException, InterruptedException {
    if (!isThere()) {
      String missing = "promtool (Debian: prometheus) is not installed: alert rules are not tried";
      if ("required".equals(System.getProperty("curfew.promtool"))) {
        fail(missing);
      }
      System.out.println(missing);
      abort(missing);
    }
    promtool("check", "rules", RULES.toString());
    promtool("test", "rules", SERIES.toString());
  }

  @Test
  void everyAlertIsTriedAndHasItsLinesInTheDocAndNoOther() throws IOException {
    Set<String> alerts = all(RULES, "- alert: (\\w+)");
    assertTrue(alerts.size() > 10, alerts.toString());
    assertEquals(alerts, all(SERIES, "alertname: (\\w+)"));
    assertEquals(alerts, all(Path.of("docs", "alerts.md"), "(?m)^## (Curfew\\w+)$"));
    Matcher rule =
        Pattern.compile("- alert: (\\w+).*?runbook: (\\S+)", Pattern.DOTALL)
            .matcher(Files.readString(RULES));
    while (rule.find()) {
      assertEquals("docs/alerts.md#" + rule.group(1).toLowerCase(), rule.group(2));
    }
  }

  private static Set<String> all(Path file, String pattern) throws IOException {
    Set<String> found = new TreeSet<>();
    Matcher matcher = Pattern.compile(pattern).matcher(Files.readString(file));
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
    return found;
  }

  private static boolean isThere() {
    return List.of(System.getenv("PATH").split(":")).stream()
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "promtool")));
  }

  private static void promtool(String... arguments) throws IOException, InterruptedException {
    ProcessBuilder command = new ProcessBuilder("promtool");
    command.command().addAll(List.of(arguments));
    Process process = command.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
  }
}

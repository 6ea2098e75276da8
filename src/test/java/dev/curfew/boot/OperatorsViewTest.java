package dev.curfew.boot;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.catalog.RevokeOnly;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Health and figures, on the management port alone. */
@QuarkusTest
@WithTestResource(DemoServers.class)
class OperatorsViewTest {

  private static final Pattern ROW =
      Pattern.compile("^\\| `(curfew_[a-z_]+)`[^|]*\\| ([a-z]+)\\b", Pattern.MULTILINE);
  private static final Pattern FIGURE = Pattern.compile("\\bcurfew_[a-z_]+");

  @TestHTTPResource(management = true)
  URI management;

  @Inject RevokeOnly revokeOnly;
  @Inject Gauges gauges;

  @AfterEach
  void mended() {
    revokeOnly.found(List.of());
  }

  @Test
  void aWholeNodeIsLiveAndReady() {
    assertEquals(200, status("/health/live"));
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertEquals(200, status("/health/ready"), text("/health/ready")));
  }

  @Test
  void aNodeThatOnlyRevokesIsLiveAndNotReadyAndSaysWhy() {
    revokeOnly.found(List.of("curfew.broker.id is not set"));
    assertEquals(200, status("/health/live"));
    assertEquals(503, status("/health/ready"));
    assertTrue(text("/health/ready").contains("curfew.broker.id is not set"));
    assertEquals("1.0", figure("curfew_revoke_only"));
  }

  @Test
  void theFiguresOfRevocationQueueAndVotesAreThere() {
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> {
              gauges.read();
              assertTrue(
                  Double.parseDouble(figure("curfew_queue_depth{target=\"orders-db\"}")) >= 0);
            });
    for (String figure :
        List.of(
            "curfew_grants_stuck{kind=\"live\",target=\"orders-db\"}",
            "curfew_grants_stuck{kind=\"leftover\",target=\"orders-db\"}",
            "curfew_revocation_oldest_seconds{target=\"orders-db\"}",
            "curfew_revocation_dead_seconds_bucket{target=\"orders-db\",le=\"30.0\"}",
            "curfew_history_unnumbered_seconds",
            "curfew_store_clock_age_seconds")) {
      assertTrue(Double.parseDouble(figure(figure)) >= 0, figure);
    }
  }

  @Test
  void everyFigureStandsInTheDocWithItsUnitAndNoOther() throws IOException {
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> {
              gauges.read();
              assertEquals(documented(), exposed());
            });
  }

  @Test
  void everyFigureAnAlertAsksForIsThere() throws IOException {
    Set<String> asked = new TreeSet<>();
    Matcher names = FIGURE.matcher(Files.readString(Path.of("deploy", "alerts.yml")));
    while (names.find()) {
      asked.add(names.group());
    }
    assertTrue(asked.size() > 10, asked.toString());
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> {
              gauges.read();
              asked.forEach(
                  name ->
                      assertTrue(
                          text("/metrics")
                              .lines()
                              .anyMatch(
                                  line ->
                                      line.startsWith(name + "{") || line.startsWith(name + " ")),
                          name));
            });
  }

  @Test
  void theDoorForPeopleShowsNoneOfIt() {
    assertEquals(404, RestAssured.get("/q/metrics").statusCode());
    assertEquals(404, RestAssured.get("/q/health/ready").statusCode());
  }

  /** Name, and whether it is counted, measured or sorted into buckets. */
  private static Set<String> documented() throws IOException {
    Set<String> rows = new TreeSet<>();
    Matcher row = ROW.matcher(Files.readString(Path.of("docs", "operations.md")));
    while (row.find()) {
      rows.add(row.group(1) + " " + row.group(2));
    }
    return rows;
  }

  /** The longest of late is a by-product of each histogram. */
  private Set<String> exposed() {
    return text("/metrics")
        .lines()
        .filter(line -> line.startsWith("# TYPE curfew_") && !line.contains("_seconds_max "))
        .map(line -> line.substring("# TYPE ".length()))
        // OpenMetrics names the family of a counter without the end that its sample has
        .map(line -> line.replaceFirst("(_total)? counter$", "_total counter"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private String figure(String name) {
    return text("/metrics")
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .map(line -> line.substring(name.length() + 1))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " is missing"));
  }

  private int status(String path) {
    return RestAssured.get(management.resolve("/q" + path)).statusCode();
  }

  private String text(String path) {
    return RestAssured.get(management.resolve("/q" + path)).asString();
  }
}

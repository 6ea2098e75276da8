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
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Health and figures, on the management port alone. */
@QuarkusTest
@WithTestResource(DemoServers.class)
class OperatorsViewTest {

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
            "curfew_revocation_lateness_seconds",
            "curfew_grants_live",
            "curfew_grants_stuck{kind=\"live\"}",
            "curfew_grants_stuck{kind=\"leftover\"}",
            "curfew_votes_pending",
            "curfew_history_unnumbered_seconds",
            "curfew_revoke_only",
            "curfew_store_clock_age_seconds")) {
      assertTrue(Double.parseDouble(figure(figure)) >= 0, figure);
    }
  }

  @Test
  void theDoorForPeopleShowsNoneOfIt() {
    assertEquals(404, RestAssured.get("/q/metrics").statusCode());
    assertEquals(404, RestAssured.get("/q/health/ready").statusCode());
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

package dev.curfew.web.api;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.testing.Store;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(Store.class)
class DescriptionTest {

  @Test
  void theApiIsDescribedAndThePagesAreNot() {
    JsonPath api = description();
    assertEquals("Curfew", api.getString("info.title"));
    assertEquals("bearer", api.getString("components.securitySchemes.bearer.scheme"));
    Map<String, Object> paths = api.getMap("paths");
    assertTrue(paths.containsKey("/api/v1/history"), paths.keySet().toString());
    assertTrue(paths.keySet().stream().allMatch(path -> path.startsWith("/api/")));
  }

  @Test
  void everyCallSaysHowItRefuses() {
    Map<String, Map<String, Object>> paths = description().getMap("paths");
    paths.forEach(
        (path, calls) ->
            calls.forEach(
                (verb, call) -> {
                  if (call instanceof Map<?, ?> operation && operation.containsKey("responses")) {
                    Map<?, ?> responses = (Map<?, ?>) operation.get("responses");
                    assertTrue(responses.containsKey("default"), verb + " " + path);
                  }
                }));
  }

  private static JsonPath description() {
    return given()
        .queryParam("format", "JSON")
        .when()
        .get("/api/openapi")
        .then()
        .statusCode(200)
        .extract()
        .jsonPath();
  }
}

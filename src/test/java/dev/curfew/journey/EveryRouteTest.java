package dev.curfew.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.Ids;
import dev.curfew.account.Person;
import dev.curfew.identity.Scope;
import dev.curfew.testing.Browser;
import dev.curfew.testing.Cast;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Every call that the API describes, by callers for whom most of it is not. */
@Journey
class EveryRouteTest {

  /** A call of the API as its description names it. */
  private record Route(String method, String path) {

    @Override
    public String toString() {
      return method + " " + path.substring("/api/v1".length());
    }
  }

  /** What came back. Plain Java asks: these are thousands of calls. */
  private record Answer(int statusCode, String contentType, String text) {}

  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private static final List<String> BODIES =
      List.of(
          "",
          "{}",
          "[]",
          "null",
          "7",
          "\"text\"",
          "{\"",
          "\u0000",
          "{\"no\":\"such\"}",
          "{\"proof\":7}",
          "{\"proof\":{\"nonce\":\"x\",\"assertion\":[]}}",
          "{\"proof\":{\"code\":\"000000\"},\"note\":\"\\u0000\"}");

  private static final Set<String> READS =
      Set.of(
          "GET /me",
          "GET /tokens",
          "GET /sessions",
          "GET /keys",
          "GET /catalog",
          "GET /catalog/{target}/{name}",
          "GET /requests",
          "GET /grants");

  /** Changes nothing but what the token itself is, or opens a challenge worth nothing alone. */
  private static final Set<String> FOR_ANY_TOKEN = Set.of("POST /token", "POST /sign-out");

  private static final Set<String> OF_THEIR_OWN =
      Set.of("DELETE /sessions", "POST /keys/options", "POST /keys/codes/draft");

  private static final Set<String> FOR_READERS_OF_ALL =
      Set.of(
          "GET /history",
          "GET /history/export.csv",
          "GET /history/export.jsonl",
          "GET /history/export.csv.manifest.json",
          "GET /targets",
          "GET /packs",
          "GET /findings",
          "GET /clock",
          "GET /operations",
          "GET /quarantine",
          "GET /requests/{request}",
          "GET /requests/{request}/decision",
          "GET /grants/{grant}");

  @Inject Story story;
  @Inject Cast cast;

  @Test
  void nothingIsThereForWhomItIsNotAndNothingBreaks() {
    Person erin = story.engineer("Erin");
    String request = story.ask(erin, "orders-db/read-only");
    String grant = story.approve(story.approver("Ann"), request);
    Map<String, String> ids =
        Map.of(
            "request",
            request,
            "grant",
            grant,
            "person",
            erin.id(),
            "target",
            "orders-db",
            "name",
            "read-only");
    Person eve = story.engineer("Eve");
    Person uma = story.person("Uma", List.of("auditors"));
    Person ada = story.person("Ada", List.of("administrators"));
    Map<String, String> cookie = Map.of("Cookie", "curfew=" + Browser.signedIn(cast, ada).cookie());
    List<String> wrong = new ArrayList<>();

    for (Route route : routes()) {
      String path = filled(route.path(), ids);
      for (String body : bodies(route)) {
        check(wrong, route, body, call(Map.of(), route, path, body), Set.of(), 401);
        check(wrong, route, body, call(cookie, route, path, body), Set.of(), 401);
        check(
            wrong, route, body, as(eve, route, path, body), of(READS, FOR_ANY_TOKEN, OF_THEIR_OWN));
        check(
            wrong,
            route,
            body,
            as(uma, route, path, body),
            of(READS, FOR_ANY_TOKEN, OF_THEIR_OWN, FOR_READERS_OF_ALL));
        check(wrong, route, body, as(eve, route, path, body, Scope.READ), of(READS, FOR_ANY_TOKEN));
        check(
            wrong,
            route,
            body,
            as(ada, route, path, body, Scope.READ),
            of(READS, FOR_ANY_TOKEN, FOR_READERS_OF_ALL));
      }
    }
    assertEquals("", String.join("\n", wrong));
  }

  @Test
  void whatIsForAdministratorsIsRefusedAlikeEverywhere() {
    Person erin = story.engineer("Erin");
    for (Route route : routes()) {
      boolean administration =
          route
                  .path()
                  .matches(
                      ".*/(people|groups|targets|packs|findings|history|clock|operations"
                          + "|quarantine)(/.*)?")
              || route.path().endsWith("/attest");
      if (administration) {
        Answer answer =
            as(
                erin,
                route,
                filled(route.path(), Map.of()),
                route.method().equals("GET") ? "" : "{}");
        assertTrue(answer.statusCode() == 403 || answer.statusCode() == 400, route + answer.text());
        if (answer.statusCode() == 403) {
          assertEquals(
              "not-allowed", JsonPath.from(answer.text()).getString("code"), route.toString());
        }
      }
    }
  }

  private static List<Route> routes() {
    Map<String, Map<String, Object>> paths =
        RestAssured.get("/api/openapi?format=JSON").jsonPath().getMap("paths");
    List<Route> routes = new ArrayList<>();
    paths.forEach(
        (path, item) ->
            item.keySet().stream()
                .filter(Set.of("get", "post", "put", "delete", "patch")::contains)
                .filter(method -> path.startsWith("/api/v1/"))
                .forEach(method -> routes.add(new Route(method.toUpperCase(), path))));
    assertTrue(routes.size() > 40, "the description lacks calls: " + routes);
    return routes;
  }

  private static List<String> bodies(Route route) {
    return route.method().equals("POST") ? BODIES : List.of("");
  }

  private static String filled(String path, Map<String, String> ids) {
    StringBuilder filled = new StringBuilder();
    for (String part : path.substring(1).split("/")) {
      boolean named = part.startsWith("{");
      String name = named ? part.substring(1, part.length() - 1) : part;
      filled.append('/').append(named ? ids.getOrDefault(name, Ids.next()) : part);
    }
    return filled.toString();
  }

  private Answer as(Person person, Route route, String path, String body, Scope... scopes) {
    String bearer = "Bearer " + cast.token(person, scopes);
    return call(Map.of("Authorization", bearer), route, path, body);
  }

  private static Answer call(Map<String, String> headers, Route route, String path, String body) {
    HttpRequest.Builder call =
        HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + path))
            .method(
                route.method(),
                body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    headers.forEach(call::header);
    if (route.method().equals("POST")) {
      call.header("Content-Type", "application/json");
    }
    try {
      HttpResponse<String> answer = CLIENT.send(call.build(), BodyHandlers.ofString());
      return new Answer(
          answer.statusCode(),
          answer.headers().firstValue("Content-Type").orElse(""),
          answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void check(
      List<String> wrong, Route route, String body, Answer answer, Set<String> open) {
    check(wrong, route, body, answer, open, 0);
  }

  /**
   * @param only the one status there may be; 0 for any refusal
   */
  private static void check(
      List<String> wrong, Route route, String body, Answer answer, Set<String> open, int only) {
    int status = answer.statusCode();
    String said = route + " with " + body + " answered " + status + " " + brief(answer);
    if (status >= 500 || (status < 400 && !open.contains(route.toString()))) {
      wrong.add(said);
    } else if (only != 0 && status != only) {
      wrong.add(said);
    } else if (status >= 400 && !answer.contentType().startsWith("application/problem+json")) {
      wrong.add("no problem: " + said);
    }
  }

  private static String brief(Answer answer) {
    String text = answer.text();
    return text.substring(0, Math.min(160, text.length()));
  }

  @SafeVarargs
  private static Set<String> of(Set<String>... parts) {
    Set<String> all = new TreeSet<>();
    for (Set<String> part : parts) {
      all.addAll(part);
    }
    return all;
  }
}

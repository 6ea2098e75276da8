package dev.curfew.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A browser without a screen: one person's session, at whichever node. What a page answers is told
 * as the API's answers are, with where it leads to ({@code location}), the {@code cookie} that it
 * sets, the whole {@code page}, and what it says ({@code detail}).
 */
final class Tab {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern COOKIE = Pattern.compile("__Host-curfew=([^;]*)");
  private static final Pattern TOKEN = Pattern.compile("data-csrf=\"([^\"]*)\"");
  private static final Pattern SAYS =
      Pattern.compile(
          "(?s)(?:class=\"banner[^>]*|class=\"lead\"|role=\"alert\")>(.*?)</(?:div|p)>");

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(3)).build();
  private String cookie = "";
  private String token = "";

  Fleet.Answer get(Node node, String path) {
    return send(request(node, path).GET(), path);
  }

  /** Sends a form, as the page that was seen last would. */
  Fleet.Answer post(Node node, String path, Map<String, String> form) {
    Map<String, String> whole = new HashMap<>(form);
    whole.put("_csrf", token);
    String text =
        whole.entrySet().stream()
            .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
            .collect(Collectors.joining("&"));
    return send(
        request(node, path)
            .header("Sec-Fetch-Site", "same-origin")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(text)),
        path);
  }

  /** Goes on with the session that this answer opened, to a page with forms; answers its secret. */
  String goOn(Node node, Fleet.Answer answer, String path) {
    cookie = answer.text("cookie");
    Matcher found = TOKEN.matcher(Fleet.must(get(node, path)).text("page"));
    if (cookie.isEmpty() || !found.find() || found.group(1).isEmpty()) {
      throw new AssertionError(path + " is of nobody: " + answer);
    }
    token = found.group(1);
    return cookie;
  }

  private HttpRequest.Builder request(Node node, String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(node.page(path))).timeout(Duration.ofSeconds(40));
    return cookie.isEmpty() ? request : request.header("Cookie", "__Host-curfew=" + cookie);
  }

  private Fleet.Answer send(HttpRequest.Builder request, String path) {
    try {
      HttpResponse<String> answer =
          http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      if (answer.headers().firstValue("Content-Type").orElse("").contains("json")) {
        return new Fleet.Answer(answer.statusCode(), JSON.readTree(answer.body()));
      }
      String to = answer.headers().firstValue("Location").map(Tab::path).orElse("");
      // who is not signed in is led to do so; so is who has just signed out
      boolean isStranger = to.equals("/sign-in") && !path.startsWith("/sign-out");
      return new Fleet.Answer(isStranger ? 401 : answer.statusCode(), body(answer, to));
    } catch (IOException e) {
      return new Fleet.Answer(0, JSON.createObjectNode().put("detail", String.valueOf(e)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Fleet.Answer(0, JSON.createObjectNode());
    }
  }

  private static JsonNode body(HttpResponse<String> answer, String to) {
    ObjectNode body = JSON.createObjectNode().put("location", to).put("page", answer.body());
    answer.headers().allValues("Set-Cookie").stream()
        .map(COOKIE::matcher)
        .filter(Matcher::find)
        .forEach(found -> body.put("cookie", found.group(1)));
    String says =
        SAYS.matcher(answer.body())
            .results()
            .map(part -> part.group(1).replaceAll("<[^>]*>", " ").strip())
            .collect(Collectors.joining(" | "));
    return body.put("detail", to.isEmpty() ? says : "on to " + to);
  }

  private static String path(String location) {
    URI uri = URI.create(location);
    return uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}

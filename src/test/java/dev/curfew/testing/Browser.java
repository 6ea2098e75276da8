package dev.curfew.testing;

import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A browser without a screen: keeps the session's cookie, sends what browsers send with a form of
 * the same site, and finds the form's token on the page.
 */
public final class Browser {

  private static final Pattern TOKEN = Pattern.compile("data-csrf=\"([^\"]*)\"");

  private final String name;
  private String cookie = "";
  private String token = "";

  public Browser() {
    this("curfew");
  }

  /**
   * @param name of the session's cookie; an installation with https has another
   */
  public Browser(String name) {
    this.name = name;
  }

  /** Both steps, by password and code. */
  public static Browser signedIn(Cast cast, dev.curfew.account.Person person) {
    Browser browser = new Browser();
    browser.password(person.user(), Cast.PASSWORD);
    Response done = browser.post("/sign-in/second", Map.of("proof_code", cast.code(person)));
    if (done.statusCode() != 303) {
      throw new AssertionError("not signed in: " + done.asString());
    }
    browser.get("/keys");
    return browser;
  }

  /** The first step alone. */
  public Response password(String user, String password) {
    Response answer = post("/sign-in", Map.of("user", user, "password", password));
    if (answer.statusCode() == 303) {
      get("/sign-in/second");
    }
    return answer;
  }

  public Response get(String path) {
    return keep(spec().get(path));
  }

  /** Sends a form of the page seen last. */
  public Response post(String path, Map<String, ?> fields) {
    Map<String, Object> form = new HashMap<>(fields);
    form.put("_csrf", token);
    return keep(
        spec()
            .header("Sec-Fetch-Site", "same-origin")
            .contentType("application/x-www-form-urlencoded; charset=UTF-8")
            .formParams(form)
            .post(path));
  }

  /** As {@link #post}, asking for JSON as a page's script does. */
  public Response ask(String path, Map<String, ?> fields) {
    return spec()
        .header("Sec-Fetch-Site", "same-origin")
        .header("Accept", "application/json")
        .header("X-CSRF-Token", token)
        .contentType("application/x-www-form-urlencoded; charset=UTF-8")
        .formParams(fields)
        .post(path);
  }

  public String cookie() {
    return cookie;
  }

  public String token() {
    return token;
  }

  /** A call with this browser's cookie and nothing else of it. */
  public RequestSpecification spec() {
    RequestSpecification call = RestAssured.given().redirects().follow(false);
    return cookie.isEmpty() ? call : call.cookie(name, cookie);
  }

  private Response keep(Response answer) {
    String set = answer.cookie(name);
    if (set != null) {
      cookie = set;
    }
    if (String.valueOf(answer.contentType()).startsWith("text/html")) {
      Matcher found = TOKEN.matcher(answer.asString());
      if (found.find()) {
        token = found.group(1);
      }
    }
    return answer;
  }
}

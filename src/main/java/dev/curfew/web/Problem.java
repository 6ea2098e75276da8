package dev.curfew.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.curfew.CurfewException;
import java.time.Duration;

/**
 * What an API call gets instead of an answer.
 *
 * @param code stable; a program decides by it
 * @param detail for people: what is wrong and what to do
 * @param field the body's field that is wrong
 * @param retryAfter seconds
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457</a>
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Problem(
    String type,
    String title,
    int status,
    String detail,
    String code,
    String field,
    Long retryAfter) {

  static final String MEDIA_TYPE = "application/problem+json";

  static Problem of(CurfewException refusal) {
    String code = refusal.fault().code();
    return new Problem(
        type(code),
        words(code),
        Status.of(refusal.fault()),
        refusal.getMessage(),
        code,
        refusal.field().orElse(null),
        refusal.retryAfter().map(Problem::seconds).orElse(null));
  }

  static Problem of(int status, String code, String detail) {
    return new Problem(type(code), words(code), status, detail, code, null, null);
  }

  /** Rounded up: whoever waits this long has waited long enough. */
  static long seconds(Duration wait) {
    return Math.max(1, wait.plusMillis(999).toSeconds());
  }

  private static String type(String code) {
    return "urn:curfew:problem:" + code;
  }

  private static String words(String code) {
    return Character.toUpperCase(code.charAt(0)) + code.substring(1).replace('-', ' ');
  }
}

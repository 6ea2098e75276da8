package dev.curfew.web.page;

import dev.curfew.CurfewException;
import dev.curfew.Fault;
import dev.curfew.web.Status;
import io.quarkus.qute.TemplateInstance;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Pattern;

/** Answers of pages that are not simply a template: elsewhere, and a form with its refusal. */
final class Away {

  private static final int LONGEST = 500;
  private static final Pattern OURS =
      Pattern.compile("/[A-Za-z0-9](?:[A-Za-z0-9/?&=._~+:-]|%[0-9A-Fa-f]{2})*+");

  private Away() {}

  static Response to(String path) {
    return Response.seeOther(URI.create(path)).build();
  }

  /** A path of ours to go on to; anything else, another site above all, becomes home. */
  static String safe(String to) {
    boolean ours =
        to != null && to.length() <= LONGEST && OURS.matcher(to).matches() && !to.contains("//");
    return ours ? to : "/";
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  static Response page(int status, TemplateInstance page) {
    return Response.status(status).type("text/html;charset=UTF-8").entity(page.render()).build();
  }

  /** The form again, with what was wrong; refusals that are not the form's go to their own page. */
  static Response refused(CurfewException refusal, TemplateInstance form) {
    if (refusal.fault() == Fault.SIGN_IN_REQUIRED || refusal.fault() == Fault.NOT_FOUND) {
      throw refusal;
    }
    Response page = page(Status.of(refusal.fault()), form);
    return refusal
        .retryAfter()
        .map(wait -> Response.fromResponse(page).header("Retry-After", seconds(wait)).build())
        .orElse(page);
  }

  static long seconds(Duration wait) {
    return Math.max(1, wait.plusMillis(999).toSeconds());
  }
}

package dev.curfew.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.account.Person;
import dev.curfew.testing.Cast;
import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** A hundred identical calls at once do what one does; the others are told so. */
@Journey
class DoublesTest {

  private static final int CALLS = 100;
  private static final int AT_ONCE = 25;

  private final Story story;
  private final Cast cast;

  DoublesTest(Story story, Cast cast) {
    this.story = story;
    this.cast = cast;
  }

  @Test
  void whatIsSentAHundredTimesHappensOnce() throws Exception {
    Person erin = story.engineer("Erin");
    Person ann = story.approver("Ann");
    story.ask(erin, "orders-db/read-write");

    // each of these has a proof that is good: the lock alone keeps them apart
    Map<String, Object> ask =
        Map.of(
            "entitlement",
            "orders-db/read-only",
            "window",
            30,
            "reason",
            "twice is once",
            "proof",
            Map.of("recent", true));
    List<Response> asked = all(() -> story.post(erin, "/requests", ask));
    String request = oneId(asked, "id");
    assertEquals(CALLS, good(asked), "every one of them is led to the same request");
    assertEquals(2, story.get(erin, "/requests").jsonPath().getList("items").size());

    String shown = story.get(ann, "/requests/" + request).jsonPath().getString("shown");
    Map<String, Object> vote =
        Map.of("choice", "APPROVE", "shown", shown, "proof", Map.of("code", cast.code(ann)));
    String votes = "/requests/" + request + "/votes";
    String grant = oneId(all(() -> story.post(ann, votes, vote)), "grant");
    assertEquals(
        1, story.get(ann, "/requests/" + request).jsonPath().getList("votes").size(), "votes");
    story.awaitState(erin, grant, "ACTIVE");

    Map<String, Object> code = Map.of("proof", Map.of("code", cast.code(erin)));
    List<Response> picked = all(() -> story.post(erin, "/grants/" + grant + "/pick-up", code));
    assertEquals(1, good(picked), "a secret is shown once");
    List<Response> given = all(() -> story.post(erin, "/grants/" + grant + "/give-back", Map.of()));
    assertTrue(good(given) >= 1);
    story.awaitState(erin, grant, "ENDED");
    for (String kind : List.of("secret-shown", "grant-ending", "grant-ended")) {
      assertEquals(1, story.moments(erin, grant).stream().filter(kind::equals).count(), kind);
    }
  }

  @Test
  void aHundredRevocationsAreOne() throws Exception {
    Person erin = story.engineer("Erin");
    Person ann = story.approver("Ann");
    String grant = story.provisioned(erin, ann, "orders-db/read-only");
    List<Response> revoked =
        all(() -> story.post(ann, "/grants/" + grant + "/revoke", Map.of("note", "now")));
    assertTrue(good(revoked) >= 1);
    story.awaitState(erin, grant, "ENDED");
    for (String kind : List.of("grant-ending", "grant-ended")) {
      assertEquals(1, story.moments(erin, grant).stream().filter(kind::equals).count(), kind);
    }
  }

  private static long good(List<Response> answers) {
    return answers.stream().filter(answer -> answer.statusCode() / 100 == 2).count();
  }

  /** What those that were answered agree on. */
  private static String oneId(List<Response> answers, String field) {
    List<String> ids =
        answers.stream()
            .filter(answer -> answer.statusCode() / 100 == 2)
            .map(answer -> answer.jsonPath().getString(field))
            .distinct()
            .toList();
    assertEquals(1, ids.size(), ids.toString());
    return ids.get(0);
  }

  /** The answers: done, or a conflict that says why. */
  private static List<Response> all(Callable<Response> call) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
    try {
      List<Response> answers = new ArrayList<>();
      for (Future<Response> each : threads.invokeAll(java.util.Collections.nCopies(CALLS, call))) {
        Response answer = each.get();
        int status = answer.statusCode();
        assertTrue(status / 100 == 2 || status == 409, status + " " + answer.asString());
        assertTrue(status != 409 || !answer.jsonPath().getString("detail").isBlank());
        answers.add(answer);
      }
      return answers;
    } finally {
      threads.shutdownNow();
    }
  }
}

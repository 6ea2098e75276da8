package dev.curfew.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.account.Person;
import dev.curfew.testing.Cast;
import dev.curfew.testing.Prover;
import dev.curfew.testing.VirtualPasskey;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A script votes with a passkey: what it signs is this vote and no other. */
@Journey
class PasskeyVoteTest {

  private final Story story;
  private final Cast cast;

  PasskeyVoteTest(Story story, Cast cast) {
    this.story = story;
    this.cast = cast;
  }

  @Test
  void aPasskeysVoteIsBoundToExactlyWhatItApproves() {
    Person erin = story.engineer("Erin");
    Person ann = story.approver("Ann");
    VirtualPasskey key = cast.passkey(ann);
    String token = cast.token(ann);
    String request = story.ask(erin, "orders-db/read-only");
    String shown = Story.done(story.get(ann, "/requests/" + request), 200).getString("shown");
    Map<String, String> vote = Map.of("choice", "APPROVE", "reason", "fine", "shown", shown);

    Map<String, Object> denial = new HashMap<>(vote);
    denial.put("choice", "DENY");
    denial.put("request", request);
    assertEquals(403, vote(token, request, vote, Prover.proof(token, key, "vote", denial)));

    Map<String, Object> exactly = new HashMap<>(vote);
    exactly.put("request", request);
    Map<String, Object> proof = Prover.proof(token, key, "vote", exactly);
    assertEquals(200, vote(token, request, vote, proof));
    assertTrue(
        story.get(ann, "/requests/" + request).asString().contains("bound to this vote"),
        "the request's history says by what");
  }

  private static int vote(
      String token, String request, Map<String, String> vote, Map<String, Object> proof) {
    Map<String, Object> body = new HashMap<>(vote);
    body.put("proof", proof);
    return io.restassured.RestAssured.given()
        .header("Authorization", "Bearer " + token)
        .contentType("application/json")
        .body(body)
        .post("/api/v1/requests/" + request + "/votes")
        .statusCode();
  }
}

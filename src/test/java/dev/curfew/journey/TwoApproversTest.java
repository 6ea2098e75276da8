package dev.curfew.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.account.Person;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** More than two hours of reading want two pairs of eyes. */
@Journey
class TwoApproversTest {

  @Inject Story story;

  @Test
  void theFormSaysWhoMustAgreeAndWhyBeforeAnythingIsSent() {
    Person erin = story.engineer("Erin");
    Response forecast =
        story.post(
            erin,
            "/requests/forecast",
            Map.of("entitlement", "orders-db/read-only", "window", 180));
    assertEquals(200, forecast.statusCode(), forecast.asString());
    assertTrue(
        forecast
            .asString()
            .contains("two approvers of dba-oncall, because the window is longer than 2 h"),
        forecast.asString());
  }

  @Test
  void oneApproverIsNotEnoughAndTheSameOneDoesNotCountTwice() {
    Person erin = story.engineer("Erin");
    Person ann = story.approver("Ann");
    Person abe = story.approver("Abe");
    String request = story.ask(erin, "orders-db/read-only", 180);

    assertNull(story.approve(ann, request));
    story.vote(ann, request, "APPROVE", "again");
    assertEquals("PENDING", state(erin, request));

    assertNotNull(story.approve(abe, request));
    assertEquals("APPROVED", state(erin, request));
  }

  @Test
  void aVoteAfterTheDecisionIsToldWhoDecidedAndWhen() {
    Person erin = story.engineer("Erin");
    String request = story.ask(erin, "orders-db/read-only");
    Person ann = story.approver("Ann");
    Person abe = story.approver("Abe");
    story.approve(ann, request);

    Response late = story.vote(abe, request, "DENY", "no");

    assertEquals(409, late.statusCode(), late.asString());
    assertEquals("already-decided", late.jsonPath().getString("code"));
    assertTrue(late.jsonPath().getString("detail").contains("Ann"), late.asString());
  }

  @Test
  void nobodyApprovesTheirOwnRequest() {
    Person both = cast("engineering", "dba-oncall");
    String request = story.ask(both, "orders-db/read-only");

    Response own = story.vote(both, request, "APPROVE", "it is me");

    assertEquals(403, own.statusCode(), own.asString());
    assertEquals("PENDING", state(both, request));
  }

  private Person cast(String... groups) {
    return story.person("Bo", List.of(groups));
  }

  private String state(Person person, String request) {
    return Story.done(story.get(person, "/requests/" + request), 200).getString("state");
  }
}

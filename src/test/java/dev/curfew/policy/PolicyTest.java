package dev.curfew.policy;

import static dev.curfew.policy.RuleTexts.asking;
import static dev.curfew.policy.RuleTexts.policy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.curfew.approval.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PolicyTest {

  private static final String USUAL =
      """
      rules:
        - name: usual
          for: orders-db/*
          who: {groups: engineering}
          ask: {group: dba-oncall, approvers: 1, acceptCode: true}
        - name: long
          for: orders-db/read-only
          who: {groups: engineering}
          when: window > duration("2h")
          because: the window is longer than 2 h
          ask: {group: dba-oncall, approvers: 2, acceptCode: true, claimBy: 30m}
        - name: too-long
          for: '*'
          when: window > duration("8h")
          deny: nothing is given for longer than 8 h
      """;

  @Test
  void aShortWindowNeedsOneApprover() {
    Decision.Ask ask = ask(policy(USUAL).decide(asking(Duration.ofMinutes(30), "engineering")));
    assertEquals(List.of("one approver of dba-oncall"), words(ask));
    assertEquals(Duration.ofHours(1), ask.terms().claimBy());
  }

  @Test
  void aLongWindowNeedsTwoAndSaysWhy() {
    Decision.Ask ask = ask(policy(USUAL).decide(asking(Duration.ofHours(3), "engineering")));
    assertEquals(
        List.of("two approvers of dba-oncall, because the window is longer than 2 h"), words(ask));
    assertEquals(Duration.ofMinutes(30), ask.terms().claimBy());
    assertEquals(List.of("ask"), List.of(ask.trace().decision()));
  }

  @Test
  void aDenyWinsAndTheShortestWayToPassIsSaid() {
    Decision.Deny deny = deny(policy(USUAL).decide(asking(Duration.ofHours(12), "engineering")));
    assertEquals(List.of("nothing is given for longer than 8 h"), deny.why());
    assertEquals(List.of("ask for 8 h or less"), deny.mend());
    assertEquals(
        List.of("long true", "too-long false", "usual true"),
        deny.trace().rules().stream().map(each -> each.rule() + " " + each.passes()).toList());
  }

  @Test
  void nothingThatMatchesIsANoAndSaysWhoIsIn() {
    Decision.Deny deny = deny(policy(USUAL).decide(asking(Duration.ofMinutes(30), "sales")));
    assertEquals(List.of("no rule gives this to you"), deny.why());
    assertEquals(List.of("be in the group engineering; an administrator can add you"), deny.mend());
  }

  @Test
  void aMissingTicketIsTheShortestWay() {
    String ticket =
        """
        rules:
          - name: with-ticket
            for: orders-db/*
            who: {groups: engineering}
            when: ticket != "" && window <= duration("1h")
            because: a ticket is named and the window is at most 1 h
            allow: true
        """;
    Policy policy = policy(ticket);
    assertEquals(
        List.of("add a ticket"),
        deny(policy.decide(asking(Duration.ofMinutes(30), "engineering"))).mend());
    assertEquals(
        List.of("add a ticket", "ask for 1 h or less"),
        deny(policy.decide(asking(Duration.ofHours(3), "engineering"))).mend());
    assertEquals(
        List.of(
            "the rule with-ticket holds only when a ticket is named and the window is at most 1 h"),
        deny(policy.decide(asking(Duration.ofHours(3), "engineering"))).why());
    Facts both = asking(Duration.ofMinutes(30), "engineering").withTicket("OPS-1");
    assertInstanceOf(Decision.Allow.class, policy.decide(both));
  }

  @Test
  void anotherTimeMayBeTheWay() {
    String hours =
        """
        rules:
          - name: office-hours
            for: orders-db/*
            who: {groups: engineering}
            when: now.getHours("UTC") >= 8
            because: it is past 08:00 UTC
            allow: true
        """;
    assertEquals(
        List.of("ask again from Sun 22 Nov 08:00 UTC"),
        deny(policy(hours).decide(asking(Duration.ofMinutes(30), "engineering"))).mend());
  }

  @Test
  void differentGroupsAreDifferentStages() {
    String sre =
        """
        rules:
          - name: sre-too
            for: orders-db/read-only
            who: {groups: engineering}
            because: it is production
            ask: {group: sre, acceptCode: false}
            proof: {askWithin: 1m, pickUp: passkey}
        """;
    Decision.Ask ask =
        ask(policy(USUAL, sre).decide(asking(Duration.ofMinutes(30), "engineering")));
    assertEquals(
        List.of("one approver of dba-oncall", "one approver of sre, because it is production"),
        words(ask));
    assertEquals(Duration.ofMinutes(1), ask.terms().askWithin());
    assertTrue(ask.terms().pickUpByPasskey());
  }

  @Test
  void whatNobodyOfACallersGroupsMayAskForDoesNotExistForThem() {
    String contractors =
        """
        rules:
          - name: not-contractors
            for: orders-db/read-write
            who: {groups: contractors}
            deny: contractors only read
        """;
    Policy policy = policy(USUAL, contractors);
    assertTrue(policy.mayAsk(Set.of("engineering"), "ana", "orders-db/read-only"));
    assertTrue(policy.mayAsk(Set.of("engineering"), "ana", "orders-db/read-write"));
    assertFalse(policy.mayAsk(Set.of("sales"), "ana", "orders-db/read-only"));
    assertFalse(policy.mayAsk(Set.of("engineering"), "ana", "stock-db/read-only"));
    assertFalse(policy.mayAsk(Set.of("engineering", "contractors"), "ana", "orders-db/read-write"));
  }

  @Test
  void exceptLeavesPeopleOut() {
    String rule =
        """
        rules:
          - name: staff
            for: orders-db/*
            who: {groups: engineering, except: contractors}
            allow: true
        """;
    assertFalse(
        policy(rule).mayAsk(Set.of("engineering", "contractors"), "x", "orders-db/read-only"));
  }

  @Test
  void aRuleThatFailsDeniesWhatItCoversAndPages() {
    String failing =
        """
        rules:
          - name: fails-for-some
            for: orders-db/read-only
            when: 'groups[5] == "x"'
            deny: never said
        """;
    List<Trace.Tried> paged = new ArrayList<>();
    List<Rule> rules =
        new Rules()
            .read(
                List.of(
                    new dev.curfew.catalog.RuleFile("a.yaml", USUAL),
                    new dev.curfew.catalog.RuleFile("b.yaml", failing)),
                new ArrayList<>());
    Policy policy = new Policy("s", rules, paged::add);
    Decision.Deny deny = deny(policy.decide(asking(Duration.ofMinutes(30), "engineering")));
    assertEquals(
        List.of("the rule fails-for-some could not be worked out; tell the administrators"),
        deny.why());
    assertEquals(List.of("fails-for-some"), paged.stream().map(Trace.Tried::rule).toList());
    Facts other =
        new Facts(
            "ana",
            Set.of("engineering"),
            "orders-db/read-write",
            "orders-db",
            dev.curfew.catalog.Level.WRITE,
            Set.of(),
            Duration.ofMinutes(30),
            "",
            Instant.EPOCH);
    assertInstanceOf(Decision.Ask.class, policy.decide(other));
  }

  @Test
  void theTraceIsPlainJson() throws Exception {
    Decision decision = policy(USUAL).decide(asking(Duration.ofHours(3), "engineering"));
    String json = new ObjectMapper().writeValueAsString(decision.trace());
    assertTrue(json.contains("\"window\":\"PT3H\""), json);
    assertEquals(decision.trace(), new ObjectMapper().readValue(json, Trace.class));
  }

  private static List<String> words(Decision.Ask ask) {
    return ask.stages().stream().map(Stage::words).toList();
  }

  private static Decision.Ask ask(Decision decision) {
    return assertInstanceOf(Decision.Ask.class, decision);
  }

  private static Decision.Deny deny(Decision decision) {
    return assertInstanceOf(Decision.Deny.class, decision);
  }
}

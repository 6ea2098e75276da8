package dev.curfew.policy;

import static dev.curfew.policy.RuleTexts.problems;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.catalog.Problem;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RulesTest {

  @Test
  void aMisspeltFactFailsAtLoadWithFileLineAndTheMend() {
    assertEquals(
        List.of(
            "approvals/1.yaml:5: the condition, column 1: there is no `widnow`;"
                + " did you mean `window`?"),
        texts(rule("when: widnow > duration(\"2h\")", "because: b", "allow: true")));
  }

  @Test
  void everythingWrongIsToldAtOnce() {
    String file =
        """
        rules:
          - name: Bad Name
            for: orders-db/raed-only
            who: {groups: engineering}
            allow: yes
          - name: second
            fro: orders-db/*
            who: {groups: engineering}
            ask: {group: dba, aprovers: 2}
          - name: third
            for: orders-db/*
            allow: true
            deny: both
          - name: fourth
            for: orders-db/*
            who: {groups: engineering}
            when: window > duration("2 hours")
            because: it is long
            allow: true
        """;
    List<String> problems = texts(file);
    assertEquals(7, problems.size(), String.join("\n", problems));
    assertTrue(problems.get(0).startsWith("approvals/1.yaml:2: `name` is \"Bad Name\";"));
    assertEquals("approvals/1.yaml:5: `allow` is not true; write `allow: true`", problems.get(1));
    assertTrue(problems.get(2).startsWith("approvals/1.yaml:6: `for` is missing"));
    assertEquals("approvals/1.yaml:7: unknown key `fro`; did you mean `for`?", problems.get(3));
    assertEquals(
        "approvals/1.yaml:9: unknown key `aprovers`; did you mean `approvers`?", problems.get(4));
    assertTrue(problems.get(5).contains(":13: allow and deny exclude each other"));
    assertTrue(
        problems.get(6).startsWith("approvals/1.yaml:14: rule `fourth` fails on sample facts"));
  }

  @Test
  void aRuleForAnEntitlementThatDoesNotExistIsAProblem() {
    assertEquals(
        List.of(
            "approvals/1.yaml:2: `orders-db/read-olny` covers no entitlement;"
                + " did you mean `orders-db/read-only`?"),
        texts(
            """
            rules:
              - name: typo
                for: orders-db/read-olny
                who: {groups: engineering}
                allow: true
            """));
  }

  @Test
  void aConditionOfTheWrongTypeIsRefused() {
    assertTrue(
        texts(rule("when: window", "because: b", "allow: true"))
            .get(0)
            .contains("expected type 'bool' but found"));
    assertTrue(
        texts(rule("when: window > 120", "because: b", "allow: true"))
            .get(0)
            .contains("found no matching overload"));
  }

  @Test
  void bombsAreRefusedAtLoadWithinASecondEach() {
    String nested =
        "'[1,2,3,4,5,6,7,8,9].all(a, [1,2,3,4,5,6,7,8,9].all(b, [1,2,3].all(c, a+b+c > 0)))'";
    String chained = "'groups.map(g, g).map(g, g + g).exists(g, g == \"x\")'";
    String regex = "'ticket.matches(\"(a+)+$\")'";
    String deep = "'" + "(".repeat(2_000) + "true" + ")".repeat(2_000) + "'";
    String not = "'" + "!".repeat(4_000) + "true'";
    String endless = "'" + "true && ".repeat(600) + "true'";
    String numbers = "'[" + "1,".repeat(1_800) + "1].all(n, n > 0)'";
    for (String bomb : List.of(nested, chained, regex, deep, endless, numbers)) {
      List<String> problems =
          assertTimeout(
              Duration.ofSeconds(3),
              () -> texts(rule("when: " + bomb, "because: b", "allow: true")));
      assertEquals(1, problems.size(), bomb + "\n" + problems);
    }
    assertTimeout(
        Duration.ofSeconds(3), () -> texts(rule("when: " + not, "because: b", "allow: true")));
  }

  @Test
  void aBombInOneRuleLeavesOthersAlone() {
    String files =
        """
        rules:
          - name: bomb
            for: stock-db/*
            who: {groups: engineering}
            when: '[1,2,3].all(a, [1,2,3].all(b, a < b))'
            because: b
            allow: true
        """;
    assertEquals(1, texts(files, rule("allow: true")).size());
  }

  @Test
  void yamlTricksAreRefused() {
    assertTrue(texts("rules: &a [*a]").get(0).contains("anchors and aliases are not taken"));
    assertTrue(texts("rules: !!java.net.URL [x]").get(0).contains("tags are not taken"));
    assertTrue(texts("rules: []\n---\nrules: []").get(0).contains(":2: a second document begins"));
    assertTrue(
        texts("rules:\n  - name: a\n    name: b\n    for: orders-db/*\n    deny: no way\n")
            .get(0)
            .contains(":3: `name` stands here a second time, first on line 2"));
    assertTrue(texts("rules:\n\t- x").get(0).startsWith("approvals/1.yaml:2: is not YAML here"));
    assertTrue(texts("- x").get(0).contains("is not a mapping"));
    String deep = "rules: " + "[".repeat(5_000) + "]".repeat(5_000);
    assertTrue(texts(deep).get(0).contains("not YAML"), texts(deep).toString());
  }

  @Test
  void twoRulesOfOneNameAreRefused() {
    List<String> problems = texts(rule("allow: true"), rule("allow: true"));
    assertEquals(
        List.of("approvals/2.yaml:2: a second rule `one`, first in approvals/1.yaml; rename one"),
        problems);
  }

  private static String rule(String... lines) {
    return """
        rules:
          - name: one
            for: orders-db/*
            who: {groups: engineering}
        """
        + "    "
        + String.join("\n    ", lines)
        + "\n";
  }

  private static List<String> texts(String... files) {
    return problems(files).stream().map(Problem::toString).toList();
  }
}

package dev.curfew.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.approval.Stage;
import dev.curfew.catalog.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What must hold for any rules and any facts. */
class PolicyPropertyTest {

  private static final int ROUNDS = 500;
  private static final List<String> GROUPS = List.of("a", "b", "c");
  private static final List<Optional<Condition>> CONDITIONS =
      List.of(
          Optional.empty(),
          condition("window > duration(\"2h\")"),
          condition("ticket != \"\""),
          condition("\"b\" in groups"),
          condition("tags.exists(t, t == \"pii\")"));

  @Test
  void shufflingRulesNeverChangesTheDecision() {
    everyRound(
        (random, seed) -> {
          List<Rule> rules = rules(random);
          Facts facts = facts(random);
          Decision before = policy(rules).decide(facts);
          Collections.shuffle(rules, random);
          assertEquals(before, policy(rules).decide(facts), seed);
        });
  }

  @Test
  void aMatchingDenyAlwaysWins() {
    everyRound(
        (random, seed) -> {
          List<Rule> rules = rules(random);
          rules.add(
              random.nextInt(rules.size() + 1),
              rule("zz-deny", Set.of(), Optional.empty(), new Rule.Effect.Deny("no")));
          assertInstanceOf(Decision.Deny.class, policy(rules).decide(facts(random)), seed);
        });
  }

  @Test
  void addingAnAskNeverLoosensWhatWasDecided() {
    everyRound(
        (random, seed) -> {
          List<Rule> rules = rules(random);
          Facts facts = facts(random);
          Decision before = policy(rules).decide(facts);
          boolean nothingMatched =
              before instanceof Decision.Deny
                  && before.trace().rules().stream()
                      .noneMatch(each -> each.result() == Trace.Result.MATCHED);
          if (nothingMatched) {
            return;
          }
          rules.add(rule("zz-more", Set.of(), condition(random), ask(random)));
          assertNotLooser(before, policy(rules).decide(facts), seed);
        });
  }

  private static void assertNotLooser(Decision before, Decision after, String seed) {
    if (before instanceof Decision.Deny) {
      assertInstanceOf(Decision.Deny.class, after, seed);
    } else if (before instanceof Decision.Ask ask) {
      Decision.Ask more = assertInstanceOf(Decision.Ask.class, after, seed);
      Map<String, Stage> stages =
          more.stages().stream().collect(Collectors.toMap(Stage::group, Function.identity()));
      for (Stage stage : ask.stages()) {
        Stage now = stages.get(stage.group());
        assertTrue(now.needed() >= stage.needed(), seed);
        assertTrue(!now.acceptCode() || stage.acceptCode(), seed);
        assertTrue(now.claimBy().compareTo(stage.claimBy()) <= 0, seed);
        assertTrue(now.lapseAfter().compareTo(stage.lapseAfter()) <= 0, seed);
      }
      assertEquals(more.terms(), more.terms().join(ask.terms()), seed);
    }
  }

  private interface Round {
    void run(Random random, String seed);
  }

  private static void everyRound(Round round) {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < ROUNDS; i++) {
      round.run(random, "seed " + seed + ", round " + i);
    }
  }

  private static Policy policy(List<Rule> rules) {
    return new Policy("s", rules, tried -> {});
  }

  private static List<Rule> rules(Random random) {
    List<Rule> rules = new ArrayList<>();
    for (int i = random.nextInt(7); i >= 0; i--) {
      rules.add(rule("rule-" + i, someGroups(random), condition(random), effect(random)));
    }
    return rules;
  }

  private static Rule rule(
      String name, Set<String> groups, Optional<Condition> when, Rule.Effect effect) {
    int kind = Math.floorMod(name.hashCode(), 3);
    return new Rule(
        name,
        "f.yaml",
        1,
        List.of(new Glob("*")),
        groups,
        Set.of(),
        when,
        "it holds",
        effect,
        new Terms(
            Duration.ofMinutes(1 + kind),
            kind == 0,
            Duration.ofMinutes(10L * (1 + kind)),
            Duration.ofHours(1 + kind)));
  }

  private static Rule.Effect effect(Random random) {
    int kind = random.nextInt(8);
    if (kind == 0) {
      return new Rule.Effect.Deny("no");
    }
    return kind < 3 ? new Rule.Effect.Allow() : ask(random);
  }

  private static Rule.Effect ask(Random random) {
    String group = GROUPS.get(random.nextInt(GROUPS.size()));
    return new Rule.Effect.Ask(group, 1 + random.nextInt(3), random.nextBoolean());
  }

  private static Optional<Condition> condition(Random random) {
    return CONDITIONS.get(random.nextInt(CONDITIONS.size()));
  }

  private static Set<String> someGroups(Random random) {
    Set<String> some = new HashSet<>();
    GROUPS.forEach(
        group -> {
          if (random.nextInt(3) == 0) {
            some.add(group);
          }
        });
    return some;
  }

  private static Facts facts(Random random) {
    return new Facts(
        "ana",
        someGroups(random),
        "orders-db/read-only",
        "orders-db",
        Level.READ,
        random.nextBoolean() ? Set.of("pii") : Set.of(),
        Duration.ofMinutes(1 + random.nextInt(600)),
        random.nextBoolean() ? "OPS-1" : "",
        Instant.EPOCH);
  }

  private static Optional<Condition> condition(String text) {
    try {
      return Optional.of(Condition.of(text));
    } catch (Condition.Unusable e) {
      throw new AssertionError(e);
    }
  }
}

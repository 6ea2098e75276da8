package dev.curfew.policy;

import dev.curfew.catalog.Level;
import dev.curfew.catalog.Problem;
import dev.curfew.catalog.RuleCheck;
import dev.curfew.catalog.RuleFile;
import dev.curfew.catalog.Section;
import dev.curfew.catalog.YamlFile;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads rule files and notes everything that is wrong with them. */
@ApplicationScoped
public class Rules implements RuleCheck {

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,59}");
  private static final Pattern GROUP = Pattern.compile("[a-z0-9][a-z0-9._-]{0,59}");
  private static final Pattern LINE = Pattern.compile("(?U)[^\\p{Cntrl}]{1,200}");
  private static final Pattern PROSE = Pattern.compile("(?Us)[\\P{Cntrl}\\n]{1,2000}");
  private static final Pattern EXPRESSION = Pattern.compile("(?s).*\\S.*");
  private static final Pattern PICK_UP = Pattern.compile("any|passkey");

  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final int MOST_RULES = 1_000;

  @Override
  public List<Problem> check(List<RuleFile> files, Set<String> entitlements) {
    List<Problem> problems = new ArrayList<>();
    List<Rule> rules = read(files, problems);
    if (files.isEmpty()) {
      problems.add(
          new Problem("rules", 0, "no rules were found", "name a folder that holds `*.yaml`"));
    }
    if (rules.size() > MOST_RULES) {
      problems.add(new Problem("rules", 0, "are too many", "at most " + MOST_RULES));
    }
    rules.forEach(rule -> refuseCoveringNothing(rule, entitlements, problems));
    rules.forEach(rule -> tryOut(rule, problems));
    problems.sort(Problem.BY_PLACE);
    return problems;
  }

  /** The rules that could be read; the others are noted. */
  List<Rule> read(List<RuleFile> files, List<Problem> problems) {
    List<Rule> rules = new ArrayList<>();
    Map<String, Rule> names = new HashMap<>();
    for (RuleFile file : files) {
      Optional<Section> top = YamlFile.read(file.name(), file.text(), problems);
      if (top.isEmpty()) {
        continue;
      }
      top.get().only("rules");
      for (Section section : top.get().sections("rules")) {
        rule(section, problems)
            .ifPresent(
                rule -> {
                  Rule other = names.putIfAbsent(rule.name(), rule);
                  if (other != null) {
                    section.problem(
                        "name",
                        "a second rule `" + rule.name() + "`, first in " + other.file(),
                        "rename one");
                  }
                  rules.add(rule);
                });
      }
    }
    return rules;
  }

  private static Optional<Rule> rule(Section section, List<Problem> problems) {
    int before = problems.size();
    section.only(
        "name", "description", "for", "who", "when", "because", "allow", "ask", "deny", "proof");
    Optional<String> name =
        section.text("name", NAME, "a letter, then lower-case letters, digits and hyphens");
    section.optionalText("description", PROSE, "at most 2000 characters");
    List<Glob> covers =
        section
            .texts("for", Glob.SHAPE, "names such as orders-db/read-only or orders-db/*")
            .stream()
            .map(text -> new Glob(text.value()))
            .toList();
    if (!section.has("for")) {
      section.problem("for", "`for` is missing", "name entitlements, such as orders-db/*");
    } else if (covers.isEmpty() && problems.size() == before) {
      section.problem("for", "`for` is empty", "name entitlements, such as orders-db/*");
    }
    Optional<Section> who = section.section("who").map(each -> each.only("groups", "except"));
    Set<String> groups = groups(who, "groups");
    Set<String> except = groups(who, "except");
    Optional<Condition> when = when(section);
    Optional<String> because =
        section.optionalText("because", LINE, "one line of at most 200 characters");
    Optional<Rule.Effect> effect = effect(section);
    boolean denies = section.has("deny");
    if (!denies && groups.isEmpty() && problems.size() == before) {
      section.problem("who", "`who` names no group", "say who may ask: `who: {groups: […]}`");
    }
    if (section.has("when") && !denies && !section.has("because")) {
      section.problem(
          "when",
          "`when` has no words",
          "add `because`, such as: because: the window is longer than 2 h");
    }
    if (denies && section.has("because")) {
      section.problem("because", "`because` stands with `deny`", "write the words after `deny:`");
    }
    Terms terms = terms(section);
    if (problems.size() > before) {
      return Optional.empty();
    }
    return Optional.of(
        new Rule(
            name.orElseThrow(),
            section.file(),
            section.line(),
            covers,
            groups,
            except,
            when,
            because.orElse(""),
            effect.orElseThrow(),
            terms));
  }

  private static Set<String> groups(Optional<Section> who, String key) {
    return who.map(each -> each.texts(key, GROUP, "names of groups")).orElse(List.of()).stream()
        .map(Section.Text::value)
        .collect(Collectors.toSet());
  }

  private static Optional<Condition> when(Section section) {
    Optional<String> text =
        section.optionalText(
            "when", EXPRESSION, "an expression such as: window > duration(\"2h\")");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Condition.of(text.get().strip()));
    } catch (Condition.Unusable e) {
      section.problem("when", e.getMessage(), e.mend());
      return Optional.empty();
    }
  }

  private static Optional<Rule.Effect> effect(Section section) {
    Optional<String> which = section.oneOf("allow", "ask", "deny");
    if (which.isEmpty()) {
      return Optional.empty();
    }
    if (which.get().equals("deny")) {
      return section
          .text("deny", LINE, "say why, in one line of at most 200 characters")
          .map(Rule.Effect.Deny::new);
    }
    if (which.get().equals("allow")) {
      if (!section.flag("allow")) {
        section.problem("allow", "`allow` is not true", "write `allow: true`");
      }
      return Optional.of(new Rule.Effect.Allow());
    }
    return section.section("ask").flatMap(Rules::ask);
  }

  private static Optional<Rule.Effect> ask(Section ask) {
    ask.only("group", "approvers", "acceptCode", "claimBy", "lapseAfter");
    Optional<String> group = ask.text("group", GROUP, "the group whose members approve");
    int needed = ask.has("approvers") ? ask.number("approvers", 1, 9).orElse(1) : 1;
    boolean acceptCode = ask.flag("acceptCode");
    return group.map(name -> new Rule.Effect.Ask(name, needed, acceptCode));
  }

  private static Terms terms(Section section) {
    Terms usual = Terms.DEFAULT;
    Optional<Section> ask = section.has("ask") ? section.section("ask") : Optional.empty();
    Optional<Section> proof =
        section.section("proof").map(each -> each.only("askWithin", "pickUp"));
    return new Terms(
        proof
            .flatMap(each -> each.duration("askWithin", Duration.ZERO, Duration.ofHours(1)))
            .orElse(usual.askWithin()),
        proof
            .flatMap(each -> each.optionalText("pickUp", PICK_UP, "any, or passkey"))
            .map("passkey"::equals)
            .orElse(usual.pickUpByPasskey()),
        ask.flatMap(each -> each.duration("claimBy", MINUTE, Duration.ofDays(1)))
            .orElse(usual.claimBy()),
        ask.flatMap(each -> each.duration("lapseAfter", MINUTE, Duration.ofDays(7)))
            .orElse(usual.lapseAfter()));
  }

  private static void refuseCoveringNothing(
      Rule rule, Set<String> entitlements, List<Problem> problems) {
    for (Glob glob : rule.covers()) {
      if (!entitlements.isEmpty() && entitlements.stream().noneMatch(glob::covers)) {
        String mend =
            Section.nearest(glob.text(), entitlements.toArray(String[]::new))
                .map(other -> "did you mean `" + other + "`?")
                .orElse("known: " + shortList(entitlements));
        problems.add(
            new Problem(
                rule.file(), rule.line(), "`" + glob.text() + "` covers no entitlement", mend));
      }
    }
  }

  private static String shortList(Set<String> names) {
    String list = names.stream().sorted().limit(8).collect(Collectors.joining(", "));
    return names.size() > 8 ? list + ", …" : list;
  }

  /** What only fails when run, such as a misspelt length of time, must fail here and not later. */
  private static void tryOut(Rule rule, List<Problem> problems) {
    if (rule.when().isEmpty()) {
      return;
    }
    Set<String> told = new HashSet<>();
    for (Facts sample : Sample.FACTS) {
      Trial.of(rule.when().get(), sample)
          .error()
          .filter(told::add)
          .ifPresent(
              why ->
                  problems.add(
                      new Problem(
                          rule.file(),
                          rule.line(),
                          "rule `" + rule.name() + "` fails on sample facts: " + why,
                          "it must work for an empty ticket, no groups and no tags too")));
    }
  }

  /** Facts at the edges: a rule that works for these has been run at least once. */
  private static final class Sample {

    private static final Instant WHEN = Instant.parse("2026-02-28T23:59:59.999999Z");

    static final List<Facts> FACTS =
        List.of(
            new Facts("0", Set.of(), "a/b", "a", Level.READ, Set.of(), MINUTE, "", Instant.EPOCH),
            new Facts(
                "000000000000000000000000",
                Set.of("engineering", "dba-oncall", "contractors"),
                "orders-db/read-only",
                "orders-db",
                Level.OWNER,
                Set.of("production", "pii"),
                Duration.ofDays(7),
                "OPS-1234",
                WHEN),
            new Facts(
                "zzzzzzzzzzzzzzzzzzzzzzzz",
                Set.of("a"),
                "orders-db/migration",
                "orders-db",
                Level.WRITE,
                Set.of("x"),
                Duration.ofHours(2),
                "x".repeat(200),
                WHEN));
  }
}

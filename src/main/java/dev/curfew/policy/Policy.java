package dev.curfew.policy;

import dev.curfew.approval.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/** The rules of one snapshot. */
public final class Policy {

  private final String snapshot;
  private final List<Rule> rules;
  private final Consumer<Trace.Tried> alarm;

  /**
   * @param snapshot digest of the packs and rules
   * @param alarm told of each rule that could not be worked out
   */
  Policy(String snapshot, List<Rule> rules, Consumer<Trace.Tried> alarm) {
    this.snapshot = snapshot;
    this.rules = rules.stream().sorted(Comparator.comparing(Rule::name)).toList();
    this.alarm = alarm;
  }

  /** One rule with what came of it. */
  private record Result(Rule rule, Trace.Result result, String error) {

    boolean matched() {
      return result == Trace.Result.MATCHED;
    }
  }

  /**
   * Any deny wins; otherwise all matching asks join; otherwise an allow; and where nothing matches
   * the answer is no. A rule that cannot be worked out denies. The order of rules and files means
   * nothing.
   */
  public Decision decide(Facts facts) {
    List<Result> results = results(facts);
    results.stream()
        .filter(each -> each.result() == Trace.Result.ERROR)
        .forEach(each -> alarm.accept(tried(each, false)));
    List<String> inTheWay = inTheWay(results);
    List<Result> giving =
        results.stream().filter(each -> each.matched() && !each.rule().denies()).toList();
    if (!inTheWay.isEmpty()) {
      return deny(facts, results, inTheWay, true);
    }
    if (giving.isEmpty()) {
      return deny(facts, results, nothingMatched(results), false);
    }
    Terms terms =
        giving.stream().map(each -> each.rule().terms()).reduce(Terms::join).orElseThrow();
    List<Stage> stages = stages(giving, terms);
    List<String> why = stages.stream().map(Stage::words).toList();
    if (stages.isEmpty()) {
      List<String> nobody = List.of("nobody needs to agree");
      return new Decision.Allow(terms, trace(facts, results, "allow", nobody, true));
    }
    return new Decision.Ask(stages, terms, trace(facts, results, "ask", why, true));
  }

  /**
   * Whether the entitlement exists for this person: some rule lets one of their groups ask, and
   * none denies it whatever they ask.
   */
  public boolean mayAsk(Set<String> groups, String person, String entitlement) {
    boolean opened = false;
    for (Rule rule : rules) {
      if (!rule.covers(entitlement) || !rule.isFor(groups)) {
        continue;
      }
      if (rule.denies() && rule.when().isEmpty()) {
        return false;
      }
      opened |= !rule.denies();
    }
    return opened;
  }

  /**
   * Groups that may have to approve this entitlement, whatever is asked: for "who approves" in the
   * catalog.
   */
  public List<String> whoApproves(Set<String> groups, String entitlement) {
    List<String> sentences = new ArrayList<>();
    for (Rule rule : rules) {
      if (rule.covers(entitlement) && rule.isFor(groups) && !rule.denies()) {
        String when = rule.because().isEmpty() ? "" : ", when " + rule.because();
        sentences.add(effect(rule) + when);
      }
    }
    return sentences;
  }

  /** Whether the person could be asked to approve something about this entitlement. */
  public boolean isApprover(Set<String> groups, String entitlement) {
    return rules.stream()
        .filter(rule -> rule.covers(entitlement))
        .anyMatch(
            rule -> rule.effect() instanceof Rule.Effect.Ask ask && groups.contains(ask.group()));
  }

  /** Whether there is anything these groups could be asked to approve. */
  public boolean isApprover(Set<String> groups) {
    return rules.stream()
        .anyMatch(
            rule -> rule.effect() instanceof Rule.Effect.Ask ask && groups.contains(ask.group()));
  }

  /** The groups that rules are for, except, or ask to agree; sorted. */
  public Set<String> groups() {
    Set<String> groups = new TreeSet<>();
    for (Rule rule : rules) {
      groups.addAll(rule.groups());
      groups.addAll(rule.except());
      if (rule.effect() instanceof Rule.Effect.Ask ask) {
        groups.add(ask.group());
      }
    }
    return groups;
  }

  /** Whether a rule names the group, be it in a condition. */
  public boolean names(String group) {
    return groups().contains(group)
        || rules.stream()
            .flatMap(rule -> rule.when().stream())
            .map(Condition::toString)
            .anyMatch(text -> text.contains("'" + group + "'") || text.contains('"' + group + '"'));
  }

  /** Whether the facts would be denied; tries only, tells nobody. */
  boolean denies(Facts facts) {
    List<Result> results = results(facts);
    return !inTheWay(results).isEmpty() || results.stream().noneMatch(Result::matched);
  }

  /**
   * Whether some condition about this entitlement looks at the fact: if not, changing it is vain.
   */
  boolean looksAt(String fact, String entitlement) {
    return rules.stream()
        .filter(rule -> rule.covers(entitlement))
        .anyMatch(rule -> rule.when().filter(when -> when.toString().contains(fact)).isPresent());
  }

  /** The groups that some rule of this entitlement is for. */
  Set<String> groupsNamed(String entitlement) {
    Set<String> groups = new TreeSet<>();
    rules.stream()
        .filter(rule -> rule.covers(entitlement) && !rule.denies())
        .forEach(rule -> groups.addAll(rule.groups()));
    return groups;
  }

  private List<Result> results(Facts facts) {
    return rules.stream()
        .filter(rule -> rule.covers(facts.entitlement()))
        .map(rule -> result(rule, facts))
        .toList();
  }

  private static Result result(Rule rule, Facts facts) {
    if (!rule.isFor(facts.groups())) {
      return new Result(rule, Trace.Result.OTHER_PEOPLE, "");
    }
    if (rule.when().isEmpty()) {
      return new Result(rule, Trace.Result.MATCHED, "");
    }
    Trial trial = Trial.of(rule.when().get(), facts);
    if (trial.error().isPresent()) {
      return new Result(rule, Trace.Result.ERROR, trial.error().get());
    }
    return new Result(rule, trial.holds() ? Trace.Result.MATCHED : Trace.Result.NOT_MET, "");
  }

  private static List<String> inTheWay(List<Result> results) {
    List<String> why = new ArrayList<>();
    for (Result each : results) {
      if (each.result() == Trace.Result.ERROR) {
        why.add(
            "the rule " + each.rule().name() + " could not be worked out; tell the administrators");
      } else if (each.matched() && each.rule().effect() instanceof Rule.Effect.Deny deny) {
        why.add(deny.why());
      }
    }
    return why;
  }

  private static List<String> nothingMatched(List<Result> results) {
    List<String> why = new ArrayList<>();
    for (Result each : results) {
      if (each.result() == Trace.Result.NOT_MET && !each.rule().denies()) {
        why.add("the rule " + each.rule().name() + " holds only when " + each.rule().because());
      }
    }
    return why.isEmpty() ? List.of("no rule gives this to you") : why;
  }

  private Decision deny(Facts facts, List<Result> results, List<String> why, boolean denied) {
    Trace trace = trace(facts, results, "deny", why, denied);
    return new Decision.Deny(why, new WayToPass(this).from(facts), trace);
  }

  private static List<Stage> stages(List<Result> giving, Terms terms) {
    Map<String, Stage> byGroup = new TreeMap<>();
    for (Result each : giving) {
      if (each.rule().effect() instanceof Rule.Effect.Ask ask) {
        byGroup.merge(ask.group(), stage(each.rule(), ask, terms), Policy::joined);
      }
    }
    return List.copyOf(byGroup.values());
  }

  private static Stage stage(Rule rule, Rule.Effect.Ask ask, Terms terms) {
    return new Stage(
        ask.group(),
        ask.group(),
        ask.needed(),
        ask.acceptCode(),
        terms.claimBy(),
        terms.lapseAfter(),
        rule.because().isEmpty() ? List.of() : List.of(rule.because()));
  }

  /** The larger number and the stricter proof; the words are those of the larger number. */
  private static Stage joined(Stage one, Stage two) {
    Set<String> because = new TreeSet<>();
    if (one.needed() >= two.needed()) {
      because.addAll(one.because());
    }
    if (two.needed() >= one.needed()) {
      because.addAll(two.because());
    }
    return new Stage(
        one.name(),
        one.group(),
        Math.max(one.needed(), two.needed()),
        one.acceptCode() && two.acceptCode(),
        shorter(one.claimBy(), two.claimBy()),
        shorter(one.lapseAfter(), two.lapseAfter()),
        List.copyOf(because));
  }

  private static Duration shorter(Duration one, Duration two) {
    return one.compareTo(two) < 0 ? one : two;
  }

  private Trace trace(
      Facts facts, List<Result> results, String decision, List<String> why, boolean someMatched) {
    return new Trace(
        snapshot,
        facts.asMap(),
        results.stream().map(each -> tried(each, someMatched)).toList(),
        decision,
        why);
  }

  private static Trace.Tried tried(Result each, boolean someMatched) {
    Rule rule = each.rule();
    return new Trace.Tried(
        rule.name(),
        rule.file(),
        rule.line(),
        effect(rule),
        each.result(),
        passes(each, someMatched),
        words(each));
  }

  /** A giving rule that does not match is in the way only where no other matched. */
  private static boolean passes(Result each, boolean someMatched) {
    if (each.result() == Trace.Result.ERROR) {
      return false;
    }
    return each.rule().denies() ? !each.matched() : each.matched() || someMatched;
  }

  private static String effect(Rule rule) {
    if (rule.effect() instanceof Rule.Effect.Ask ask) {
      return new Stage(
              ask.group(),
              ask.group(),
              ask.needed(),
              ask.acceptCode(),
              Duration.ZERO,
              Duration.ZERO,
              List.of())
          .words();
    }
    return rule.denies() ? "deny" : "nobody needs to agree";
  }

  private static String words(Result each) {
    Rule rule = each.rule();
    return switch (each.result()) {
      case MATCHED -> matchedWords(rule);
      case OTHER_PEOPLE -> "is for other people";
      case NOT_MET ->
          rule.denies()
              ? "does not apply here"
              : "does not apply here: only when " + rule.because();
      case ERROR -> "could not be worked out: " + each.error();
    };
  }

  private static String matchedWords(Rule rule) {
    if (rule.effect() instanceof Rule.Effect.Deny deny) {
      return deny.why();
    }
    return rule.because().isEmpty() ? "applies" : "applies, because " + rule.because();
  }

  @Override
  public String toString() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("snapshot", snapshot);
    map.put("rules", rules.size());
    return "Policy" + map;
  }
}

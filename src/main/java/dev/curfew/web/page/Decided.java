package dev.curfew.web.page;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;

/** A stored decision's trace, opened for a reader. What it has and we do not know is left out. */
public record Decided(List<String> why, List<Rule> rules, List<Fact> facts) {

  /** One rule's part in it; {@code where} is its file and line. */
  public record Rule(String name, boolean passes, String effect, String text, String where) {}

  /** One fact that the rules looked at. */
  public record Fact(String key, String value) {}

  public static Decided read(String json, ObjectMapper mapper) {
    try {
      JsonNode trace = mapper.readTree(json == null ? "{}" : json);
      List<String> why = new ArrayList<>();
      trace.path("why").forEach(line -> why.add(line.asText()));
      List<Rule> rules = new ArrayList<>();
      trace.path("rules").forEach(rule -> rules.add(rule(rule)));
      List<Fact> facts = new ArrayList<>();
      trace
          .path("facts")
          .fields()
          .forEachRemaining(fact -> facts.add(new Fact(fact.getKey(), plain(fact.getValue()))));
      return new Decided(why, rules, facts);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a stored trace is no JSON", e);
    }
  }

  private static Rule rule(JsonNode rule) {
    String file = rule.path("file").asText("");
    int line = rule.path("line").asInt();
    return new Rule(
        rule.path("rule").asText(),
        rule.path("passes").asBoolean(),
        rule.path("effect").asText(),
        rule.path("text").asText(""),
        line > 0 ? file + ":" + line : file);
  }

  private static String plain(JsonNode value) {
    if (!value.isArray()) {
      return value.asText().isEmpty() ? "none" : value.asText();
    }
    List<String> parts = new ArrayList<>();
    value.forEach(part -> parts.add(part.asText()));
    return parts.isEmpty() ? "none" : String.join(", ", parts);
  }
}

package dev.curfew.catalog;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A mapping of a YAML file whose keys are known. Asking for a value that is missing or of the wrong
 * form notes a problem with file, line and the mend and answers empty, so that one reading finds
 * all that is wrong.
 */
public final class Section {

  /** A text of a list, with its line. */
  public record Text(String value, int line) {}

  private static final Pattern SPAN =
      Pattern.compile("(?:(\\d{1,4})d)?(?:(\\d{1,5})h)?(?:(\\d{1,6})m)?(?:(\\d{1,6})s)?");

  private final String file;
  private final int line;
  private final Map<String, Node> values = new LinkedHashMap<>();
  private final Map<String, Integer> lines = new LinkedHashMap<>();
  private final List<Problem> problems;

  Section(String file, MappingNode node, List<Problem> problems) {
    this.file = file;
    this.line = lineOf(node);
    this.problems = problems;
    for (NodeTuple tuple : node.getValue()) {
      take(tuple);
    }
  }

  private void take(NodeTuple tuple) {
    int at = lineOf(tuple.getKeyNode());
    if (!(tuple.getKeyNode() instanceof ScalarNode key) || key.getTag().equals(Tag.MERGE)) {
      note(at, "a key here is not a plain word", "write the key as a plain word");
      return;
    }
    Integer before = lines.putIfAbsent(key.getValue(), at);
    if (before != null) {
      note(
          at,
          "`" + key.getValue() + "` stands here a second time, first on line " + before,
          "keep one of them");
      return;
    }
    values.put(key.getValue(), tuple.getValueNode());
  }

  public String file() {
    return file;
  }

  public int line() {
    return line;
  }

  /** The line of a key, or of the section where the key is missing. */
  public int line(String key) {
    return lines.getOrDefault(key, line);
  }

  public boolean has(String key) {
    return values.containsKey(key);
  }

  /** Whether the value is a text and not, for example, a number. */
  boolean isText(String key) {
    return values.get(key) instanceof ScalarNode scalar && scalar.getTag().equals(Tag.STR);
  }

  /** Notes every key that is not one of these. */
  public Section only(String... known) {
    for (String key : lines.keySet()) {
      if (!Set.of(known).contains(key)) {
        note(
            lines.get(key),
            "unknown key `" + key + "`",
            nearest(key, known)
                .map(other -> "did you mean `" + other + "`?")
                .orElse("known here: " + String.join(", ", known)));
      }
    }
    return this;
  }

  /** Notes a problem at the line of a key. */
  public void problem(String key, String text, String mend) {
    note(line(key), text, mend);
  }

  /** A problem at the line of a key, for the caller to keep. */
  Problem found(String key, String text, String mend) {
    return new Problem(file, line(key), text, mend);
  }

  public void note(int at, String text, String mend) {
    problems.add(new Problem(file, at, text, mend));
  }

  /** A text that must be there and match. */
  public Optional<String> text(String key, Pattern shape, String mend) {
    return needed(key, mend) ? optionalText(key, shape, mend) : Optional.empty();
  }

  /** A text that may be missing; noted when it does not match. */
  public Optional<String> optionalText(String key, Pattern shape, String mend) {
    return scalar(key, Tag.STR, "a text", mend)
        .flatMap(
            value -> {
              if (shape.matcher(value).matches()) {
                return Optional.of(value);
              }
              problem(key, "`" + key + "` is \"" + shortened(value) + "\"", mend);
              return Optional.empty();
            });
  }

  /** A whole number that may be missing. */
  public Optional<Integer> number(String key, int least, int most) {
    String mend = "write a whole number from " + least + " to " + most;
    return scalar(key, Tag.INT, "a whole number", mend)
        .flatMap(
            value -> {
              if (value.matches("\\d{1,9}")
                  && Integer.parseInt(value) >= least
                  && Integer.parseInt(value) <= most) {
                return Optional.of(Integer.valueOf(value));
              }
              problem(key, "`" + key + "` is " + shortened(value), mend);
              return Optional.empty();
            });
  }

  /** True or false; false when missing. */
  public boolean flag(String key) {
    return scalar(key, Tag.BOOL, "true or false", "write true or false")
        .map(value -> value.equalsIgnoreCase("true"))
        .orElse(false);
  }

  /** A length of time such as {@code 90m} or {@code 1h30m} that may be missing. */
  public Optional<Duration> duration(String key, Duration least, Duration most) {
    String mend =
        "write a length of time from "
            + Spans.words(least)
            + " to "
            + Spans.words(most)
            + ", such as 45m, 2h or 1h30m";
    Optional<String> text = scalar(key, Tag.STR, "a length of time", mend);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Optional<Duration> span = span(text.get());
    if (span.isEmpty() || span.get().compareTo(least) < 0 || span.get().compareTo(most) > 0) {
      problem(key, "`" + key + "` is \"" + shortened(text.get()) + "\"", mend);
      return Optional.empty();
    }
    return span;
  }

  /** A list of texts, one text standing for a list of one; empty when missing. */
  public List<Text> texts(String key, Pattern shape, String mend) {
    Node node = values.get(key);
    if (node == null) {
      return List.of();
    }
    List<Node> items = node instanceof SequenceNode list ? list.getValue() : List.of(node);
    List<Text> texts = new ArrayList<>();
    for (Node item : items) {
      if (item instanceof ScalarNode text
          && text.getTag().equals(Tag.STR)
          && shape.matcher(text.getValue()).matches()) {
        texts.add(new Text(text.getValue(), lineOf(item)));
      } else {
        note(lineOf(item), "an item of `" + key + "` does not fit", mend);
      }
    }
    return texts;
  }

  /** A mapping under a key; empty when missing, noted when it is something else. */
  public Optional<Section> section(String key) {
    Node node = values.get(key);
    if (node == null) {
      return Optional.empty();
    }
    if (node instanceof MappingNode mapping) {
      return Optional.of(new Section(file, mapping, problems));
    }
    problem(key, "`" + key + "` is not a mapping", "write its keys below it, indented");
    return Optional.empty();
  }

  /** A list of mappings that must be there with at least one item. */
  public List<Section> sections(String key) {
    Node node = values.get(key);
    if (!(node instanceof SequenceNode list) || list.getValue().isEmpty()) {
      problem(key, "`" + key + "` is not a list with items", "write at least one item with `- `");
      return List.of();
    }
    List<Section> sections = new ArrayList<>();
    for (Node item : list.getValue()) {
      if (item instanceof MappingNode mapping) {
        sections.add(new Section(file, mapping, problems));
      } else {
        note(
            lineOf(item), "an item of `" + key + "` is not a mapping", "write its keys below `- `");
      }
    }
    return sections;
  }

  /** The first key of the pair that is there; notes when none or both are. */
  public Optional<String> oneOf(String... keys) {
    List<String> there = Arrays.stream(keys).filter(this::has).toList();
    if (there.size() == 1) {
      return Optional.of(there.get(0));
    }
    note(
        there.isEmpty() ? line : line(there.get(1)),
        there.isEmpty()
            ? "none of " + String.join(", ", keys) + " is here"
            : String.join(" and ", there) + " exclude each other",
        "write exactly one of " + String.join(", ", keys));
    return Optional.empty();
  }

  /** Everything below as plain strings, whole numbers, booleans, lists and maps. */
  public Map<String, Object> plain() {
    Map<String, Object> map = new LinkedHashMap<>();
    values.forEach((key, node) -> map.put(key, plain(node)));
    return map;
  }

  private Object plain(Node node) {
    if (node instanceof MappingNode mapping) {
      return new Section(file, mapping, problems).plain();
    }
    if (node instanceof SequenceNode list) {
      return list.getValue().stream().map(this::plain).toList();
    }
    ScalarNode scalar = (ScalarNode) node;
    String value = scalar.getValue();
    if (scalar.getTag().equals(Tag.INT) && value.matches("-?\\d{1,9}")) {
      return Integer.valueOf(value);
    }
    return scalar.getTag().equals(Tag.BOOL) && value.matches("true|false")
        ? (Object) Boolean.valueOf(value)
        : value;
  }

  private boolean needed(String key, String mend) {
    if (has(key)) {
      return true;
    }
    note(line, "`" + key + "` is missing", mend);
    return false;
  }

  private Optional<String> scalar(String key, Tag tag, String what, String mend) {
    Node node = values.get(key);
    if (node == null) {
      return Optional.empty();
    }
    if (node instanceof ScalarNode scalar && scalar.getTag().equals(tag)) {
      return Optional.of(scalar.getValue());
    }
    problem(key, "`" + key + "` is not " + what, mend);
    return Optional.empty();
  }

  private static Optional<Duration> span(String text) {
    Matcher parts = SPAN.matcher(text);
    if (text.isEmpty() || !parts.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        Duration.ofDays(part(parts, 1))
            .plusHours(part(parts, 2))
            .plusMinutes(part(parts, 3))
            .plusSeconds(part(parts, 4)));
  }

  private static long part(Matcher parts, int group) {
    return parts.group(group) == null ? 0 : Long.parseLong(parts.group(group));
  }

  private static String shortened(String value) {
    String line = value.replaceAll("\\p{Cntrl}", " ");
    return line.length() <= 60 ? line : line.substring(0, 57) + "...";
  }

  static int lineOf(Node node) {
    return node.getStartMark().getLine() + 1;
  }

  /** The known word at most two letters away. */
  public static Optional<String> nearest(String word, String... known) {
    String best = null;
    int least = 3;
    for (String other : known) {
      int steps = distance(word, other);
      if (steps < least && steps < other.length()) {
        least = steps;
        best = other;
      }
    }
    return Optional.ofNullable(best);
  }

  private static int distance(String one, String two) {
    int[] row = new int[two.length() + 1];
    for (int j = 0; j <= two.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= two.length(); j++) {
        int change = diagonal + (one.charAt(i - 1) == two.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, Math.min(row[j - 1], row[j]) + 1);
      }
    }
    return row[two.length()];
  }
}

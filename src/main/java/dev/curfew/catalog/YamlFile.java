package dev.curfew.catalog;

import java.io.StringReader;
import java.util.List;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.DocumentStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;

/**
 * A file of YAML as Curfew takes it: one document, a mapping on top, and none of what YAML can do
 * beyond lists, mappings and scalars. Anchors and aliases are how a small file becomes a large one,
 * and tags are how a file names a class.
 */
public final class YamlFile {

  /** The longest file, in characters. */
  public static final int LONGEST = 262_144;

  private static final int DEEPEST = 12;

  private YamlFile() {}

  /** The mapping on top; empty when the file is not YAML as above, with the problems noted. */
  public static Optional<Section> read(String file, String text, List<Problem> problems) {
    if (text.length() > LONGEST) {
      problems.add(
          new Problem(
              file,
              0,
              "has " + text.length() + " characters",
              "split it: " + LONGEST + " at most"));
      return Optional.empty();
    }
    int before = problems.size();
    try {
      refuseTricks(file, text, problems);
      if (problems.size() > before) {
        return Optional.empty();
      }
      return top(file, yaml().compose(new StringReader(text)), problems);
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
      problems.add(
          new Problem(
              file,
              line,
              "is not YAML here: " + e.getProblem(),
              "mind the indentation and quotes"));
    } catch (YAMLException e) {
      problems.add(new Problem(file, 0, "is not YAML: " + firstLine(e), "write plain UTF-8 text"));
    }
    return Optional.empty();
  }

  private static Optional<Section> top(String file, Node node, List<Problem> problems) {
    if (node instanceof MappingNode mapping) {
      return Optional.of(new Section(file, mapping, problems));
    }
    problems.add(
        new Problem(file, 1, "is not a mapping", "begin with a key such as `rules:` or `uses:`"));
    return Optional.empty();
  }

  private static void refuseTricks(String file, String text, List<Problem> problems) {
    int documents = 0;
    for (Event event : yaml().parse(new StringReader(text))) {
      int line = event.getStartMark().getLine() + 1;
      if (event instanceof DocumentStartEvent && ++documents == 2) {
        problems.add(
            new Problem(file, line, "a second document begins", "make it a file of its own"));
      }
      if (event instanceof AliasEvent || anchored(event)) {
        problems.add(
            new Problem(file, line, "anchors and aliases are not taken", "write the value out"));
      }
      if (tagged(event)) {
        problems.add(new Problem(file, line, "tags are not taken", "leave out the `!…`"));
      }
    }
  }

  private static boolean anchored(Event event) {
    return event instanceof NodeEvent node
        && !(event instanceof AliasEvent)
        && node.getAnchor() != null;
  }

  private static boolean tagged(Event event) {
    if (event instanceof ScalarEvent scalar) {
      return scalar.getTag() != null;
    }
    return event instanceof CollectionStartEvent start && start.getTag() != null;
  }

  private static Yaml yaml() {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(LONGEST);
    options.setNestingDepthLimit(DEEPEST);
    options.setMaxAliasesForCollections(0);
    options.setAllowDuplicateKeys(false);
    options.setAllowRecursiveKeys(false);
    return new Yaml(new SafeConstructor(options));
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("unreadable");
  }
}

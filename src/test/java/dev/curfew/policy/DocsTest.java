package dev.curfew.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.curfew.catalog.Problem;
import dev.curfew.catalog.RuleFile;
import dev.curfew.catalog.YamlFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class DocsTest {

  private static final Path PAGE = Path.of("docs/packs-and-rules.md");
  private static final Pattern EXAMPLE = Pattern.compile("(?s)```yaml\n(.*?)```");

  @Test
  void theRulesOfTheDocsCanBeRead() throws IOException {
    List<Problem> problems = new ArrayList<>();
    int rules = 0;
    for (String example : examples()) {
      if (example.startsWith("rules:")) {
        rules += new Rules().read(List.of(new RuleFile("docs", example)), problems).size();
      }
    }
    assertEquals(List.of(), problems);
    assertEquals(3, rules);
  }

  @Test
  void everyConditionOfTheDocsCompiles() throws Exception {
    Matcher row =
        Pattern.compile("(?m)^\\| `[^|]*\\|[^|]*\\| .*?`([^`]*(?:[(<>=]| in )[^`]*)`")
            .matcher(text());
    int tried = 0;
    while (row.find()) {
      Condition.of(row.group(1));
      tried++;
    }
    Condition.of("size(groups) > 0 && groups[0] == \"a\"");
    assertEquals(5, tried);
  }

  @Test
  void theExamplesAreYaml() throws IOException {
    List<Problem> problems = new ArrayList<>();
    for (String example : examples()) {
      if (!example.startsWith("#")) {
        YamlFile.read("docs", example, problems);
      }
    }
    assertEquals(List.of(), problems);
  }

  private static List<String> examples() throws IOException {
    List<String> examples = new ArrayList<>();
    Matcher matcher = EXAMPLE.matcher(text());
    while (matcher.find()) {
      examples.add(matcher.group(1));
    }
    return examples;
  }

  private static String text() throws IOException {
    return Files.readString(PAGE);
  }
}

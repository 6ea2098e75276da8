package dev.curfew.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.smallrye.config.ConfigMapping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/configuration.md names every setting there is, with its default, and no other. */
class ConfigurationDocTest {

  private static final Pattern ROW =
      Pattern.compile("^\\| `(curfew\\.[a-z.-]+)` \\| (?:`([^`]*)`)? ?\\|", Pattern.MULTILINE);

  @Test
  void everySettingStandsInTheDocAndNoOther() throws IOException {
    Map<String, String> keys = MappingCheck.keys();
    Matcher rows = ROW.matcher(Files.readString(Path.of("docs", "configuration.md")));
    Set<String> documented = new TreeSet<>();
    while (rows.find()) {
      String key = rows.group(1);
      documented.add(key);
      assertTrue(keys.containsKey(key), key + " is documented and does not exist");
      String otherwise = keys.get(key) == null ? "" : keys.get(key);
      assertEquals(otherwise, rows.group(2) == null ? "" : rows.group(2), "default of " + key);
    }
    assertEquals(keys.keySet(), documented);
  }

  @Test
  void everyMappingIsCheckedAtTheStart() {
    Set<String> all =
        new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.curfew")
                .stream()
                .filter(each -> each.isAnnotatedWith(ConfigMapping.class))
                .map(each -> each.getName())
                .collect(Collectors.toCollection(TreeSet::new));
    Set<String> checked =
        MappingCheck.MAPPINGS.stream()
            .map(Class::getName)
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(all, checked);
  }
}

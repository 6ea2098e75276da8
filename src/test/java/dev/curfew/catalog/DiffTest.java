package dev.curfew.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DiffTest {

  @Test
  void showsWhatChangedWithThreeLinesAround() {
    String before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
    String after = "1\n2\n3\n4\nfive\n6\n7\n8\n9\n";
    List<Change> changes =
        Diff.between(new TreeMap<>(Map.of("a", before)), new TreeMap<>(Map.of("a", after)));
    assertEquals(
        List.of("@@ -2 +2 @@", " 2", " 3", " 4", "-5", "+five", " 6", " 7", " 8"),
        changes.get(0).lines());
  }

  @Test
  void tellsFilesAddedAndRemoved() {
    List<Change> changes =
        Diff.between(
            new TreeMap<>(Map.of("a", "x", "same", "s")),
            new TreeMap<>(Map.of("b", "y", "same", "s")));
    assertEquals(
        List.of("a REMOVED [@@ -1 +1 @@, -x]", "b ADDED [@@ -1 +1 @@, +y]"),
        changes.stream().map(each -> each.file() + " " + each.how() + " " + each.lines()).toList());
  }

  @Test
  void bothSidesCanBeReadBackFromTheDiff() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 500; round++) {
      String before = text(random);
      String after = text(random);
      if (before.equals(after)) {
        continue;
      }
      List<String> lines =
          Diff.between(new TreeMap<>(Map.of("a", before)), new TreeMap<>(Map.of("a", after)))
              .get(0)
              .lines();
      assertEquals(before, side(lines, '-'), "seed " + seed);
      assertEquals(after, side(lines, '+'), "seed " + seed);
    }
  }

  /** At most seven lines, so that nothing is left out around a change. */
  private static String text(Random random) {
    List<String> lines = new ArrayList<>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      lines.add(Character.toString('a' + random.nextInt(3)));
    }
    return String.join("\n", lines);
  }

  private static String side(List<String> lines, char sign) {
    return String.join(
        "\n",
        lines.stream()
            .filter(line -> line.charAt(0) == ' ' || line.charAt(0) == sign)
            .map(line -> line.substring(1))
            .toList());
  }
}

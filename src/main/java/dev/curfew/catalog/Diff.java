package dev.curfew.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeSet;

/** What changes from one set of files to another, as people read it. */
public final class Diff {

  private static final int AROUND = 3;

  /** Above this the lines between first and last difference are shown as replaced whole. */
  private static final long MOST_CELLS = 4_000_000;

  private Diff() {}

  /** The files that differ, by name. */
  public static List<Change> between(
      SortedMap<String, String> before, SortedMap<String, String> after) {
    TreeSet<String> names = new TreeSet<>(before.keySet());
    names.addAll(after.keySet());
    List<Change> changes = new ArrayList<>();
    for (String name : names) {
      String old = before.get(name);
      String now = after.get(name);
      if (old == null) {
        changes.add(new Change(name, Change.How.ADDED, hunks(List.of(), lines(now))));
      } else if (now == null) {
        changes.add(new Change(name, Change.How.REMOVED, hunks(lines(old), List.of())));
      } else if (!old.equals(now)) {
        changes.add(new Change(name, Change.How.CHANGED, hunks(lines(old), lines(now))));
      }
    }
    return changes;
  }

  private static List<String> lines(String text) {
    return List.of(text.split("\n", -1));
  }

  /** One line of the whole: what it is, and where it stands in both. */
  private record Row(char sign, String text, int old, int now) {}

  private static List<String> hunks(List<String> old, List<String> now) {
    List<Row> rows = rows(old, now);
    List<String> shown = new ArrayList<>();
    int last = -1;
    for (int i = 0; i < rows.size(); i++) {
      if (!nearChange(rows, i)) {
        continue;
      }
      Row row = rows.get(i);
      if (i != last + 1 || shown.isEmpty()) {
        shown.add("@@ -" + row.old() + " +" + row.now() + " @@");
      }
      shown.add(row.sign() + row.text());
      last = i;
    }
    return shown;
  }

  private static boolean nearChange(List<Row> rows, int at) {
    int to = Math.min(rows.size() - 1, at + AROUND);
    for (int i = Math.max(0, at - AROUND); i <= to; i++) {
      if (rows.get(i).sign() != ' ') {
        return true;
      }
    }
    return false;
  }

  private static List<Row> rows(List<String> old, List<String> now) {
    int head = 0;
    while (head < Math.min(old.size(), now.size()) && old.get(head).equals(now.get(head))) {
      head++;
    }
    int tail = 0;
    while (tail < Math.min(old.size(), now.size()) - head
        && old.get(old.size() - 1 - tail).equals(now.get(now.size() - 1 - tail))) {
      tail++;
    }
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < head; i++) {
      rows.add(new Row(' ', old.get(i), i + 1, i + 1));
    }
    middle(old.subList(head, old.size() - tail), now.subList(head, now.size() - tail), head, rows);
    for (int i = tail; i > 0; i--) {
      rows.add(new Row(' ', old.get(old.size() - i), old.size() - i + 1, now.size() - i + 1));
    }
    return rows;
  }

  private static void middle(List<String> old, List<String> now, int offset, List<Row> rows) {
    int[][] common = commonLengths(old, now);
    int i = 0;
    int j = 0;
    while (i < old.size() || j < now.size()) {
      int atOld = offset + i + 1;
      int atNow = offset + j + 1;
      if (i < old.size() && j < now.size() && old.get(i).equals(now.get(j))) {
        rows.add(new Row(' ', old.get(i), atOld, atNow));
        i++;
        j++;
      } else if (i < old.size() && (j == now.size() || common[i + 1][j] >= common[i][j + 1])) {
        rows.add(new Row('-', old.get(i), atOld, atNow));
        i++;
      } else {
        rows.add(new Row('+', now.get(j), atOld, atNow));
        j++;
      }
    }
  }

  /** Lengths of the longest common run of lines from each pair on; all zero when too many. */
  private static int[][] commonLengths(List<String> old, List<String> now) {
    if ((long) old.size() * now.size() > MOST_CELLS) {
      return new int[old.size() + 1][now.size() + 1];
    }
    int[][] common = new int[old.size() + 1][now.size() + 1];
    for (int i = old.size() - 1; i >= 0; i--) {
      for (int j = now.size() - 1; j >= 0; j--) {
        common[i][j] =
            old.get(i).equals(now.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    return common;
  }

  /** Names of the files whose text differs. */
  static List<String> names(Map<String, String> before, Map<String, String> after) {
    TreeSet<String> names = new TreeSet<>(before.keySet());
    names.addAll(after.keySet());
    names.removeIf(name -> before.get(name) != null && before.get(name).equals(after.get(name)));
    return List.copyOf(names);
  }
}

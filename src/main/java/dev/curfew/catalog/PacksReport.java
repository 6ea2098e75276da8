package dev.curfew.catalog;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What the command {@code packs} prints: all that is wrong with some folders, the digest they would
 * be accepted by, and how they differ from others. Needs no store, so it runs in a pipeline.
 *
 * @param digest of the files as they are, sound or not
 * @param files names of the files that count
 * @param changes against the other folders; empty when none were named
 */
public record PacksReport(
    List<Problem> problems, String digest, List<String> files, List<Change> changes) {

  public PacksReport {
    problems = List.copyOf(problems);
    files = List.copyOf(files);
    changes = List.copyOf(changes);
  }

  /**
   * @param against folders to compare with, such as the ones in force; may be empty
   */
  public static PacksReport of(
      SnapshotReader reader, Collection<Path> folders, Collection<Path> against) {
    List<Problem> problems = new ArrayList<>();
    SnapshotFiles files = SnapshotFiles.read(folders, problems);
    problems.addAll(reader.problems(files));
    List<Change> changes =
        against.isEmpty()
            ? List.of()
            : Diff.between(SnapshotFiles.read(against, problems).texts(), files.texts());
    return new PacksReport(problems, files.digest(), List.copyOf(files.texts().keySet()), changes);
  }

  public boolean isSound() {
    return problems.isEmpty();
  }

  /** The report as lines of text. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    problems.forEach(problem -> lines.add(problem.toString()));
    for (Change change : changes) {
      lines.add(change.how().name().toLowerCase(java.util.Locale.ROOT) + " " + change.file());
      lines.addAll(change.lines());
    }
    lines.add(
        isSound()
            ? files.size() + " files, sound"
            : problems.size() + (problems.size() == 1 ? " problem" : " problems"));
    lines.add("digest " + digest);
    return lines;
  }
}

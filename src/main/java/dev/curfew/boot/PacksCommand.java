package dev.curfew.boot;

import dev.curfew.catalog.AllowedHosts;
import dev.curfew.catalog.PacksReport;
import dev.curfew.catalog.SnapshotReader;
import dev.curfew.policy.Rules;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Checks folders of packs and rules as the broker would, for a pipeline. */
@Command(
    name = "packs",
    mixinStandardHelpOptions = true,
    description = {
      "Checks folders of packs and rules as the broker would, and prints everything that is wrong,"
          + " the digest by which they can be accepted, and how they differ from others.",
      "",
      "Needs no store and no target; settings such as curfew.packs.trusted count."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:the folders are sound", "1:they are not"})
final class PacksCommand implements Callable<Integer> {

  @Spec CommandSpec spec;

  @Parameters(arity = "1..*", paramLabel = "<folder>", description = "As in curfew.packs.dirs.")
  List<Path> folders;

  @Option(
      names = "--against",
      arity = "1..*",
      paramLabel = "<folder>",
      description = "Folders to compare with, such as a checkout of what is in force.")
  List<Path> against = List.of();

  @Override
  public Integer call() {
    EarlyConfig config = EarlyConfig.read();
    SnapshotReader reader =
        new SnapshotReader(
            new Engines(),
            new Rules(),
            list(config, "curfew.packs.trusted"),
            new AllowedHosts(List.copyOf(list(config, "curfew.targets.allowed-hosts"))),
            name -> config.text(name).orElse(null));
    PacksReport report = PacksReport.of(reader, folders, against);
    PrintWriter out = spec.commandLine().getOut();
    report.lines().forEach(out::println);
    out.flush();
    return report.isSound() ? 0 : Serve.FAILED;
  }

  private static Set<String> list(EarlyConfig config, String key) {
    return Arrays.stream(config.text(key).orElse("").split(","))
        .map(String::strip)
        .filter(each -> !each.isEmpty())
        .collect(Collectors.toSet());
  }
}

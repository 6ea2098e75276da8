package dev.curfew.boot;

import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The jar's commands; without one it serves. */
@QuarkusMain
@Command(
    name = "curfew",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    subcommands = {SqlCommand.class, CodeCommand.class, PacksCommand.class, RevokeCommand.class},
    description = {
      "A just-in-time privileged access broker.",
      "",
      "Without a command it serves. Without a datasource (quarkus.datasource.jdbc.url) that is a"
          + " demo with servers of its own, its data in data/. Settings are read from system"
          + " properties (-Dname=value before -jar), the environment and config/application.properties;"
          + " see docs/configuration.md."
    })
public final class Main implements Callable<Integer> {

  /** The version of this build. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {
        "curfew " + EarlyConfig.read().text("quarkus.application.version").orElse("(development)")
      };
    }
  }

  public static void main(String... args) {
    int code = commands().execute(args);
    if (code != 0) {
      System.exit(code);
    }
  }

  static CommandLine commands() {
    return new CommandLine(new Main())
        .setExecutionExceptionHandler(
            (failure, command, parsed) -> {
              command.getErr().println("curfew: " + failure.getMessage());
              return Serve.FAILED;
            });
  }

  @Override
  public Integer call() {
    return Serve.run();
  }
}

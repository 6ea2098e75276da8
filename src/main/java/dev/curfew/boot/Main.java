package dev.curfew.boot;

import io.quarkus.runtime.annotations.QuarkusMain;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.Properties;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The jar's commands; without one it serves. */
@QuarkusMain
@Command(
    name = "java -jar quarkus-run.jar",
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

  /** Maven puts it into the jar. */
  private static final String BUILD = "/META-INF/maven/dev.curfew/curfew/pom.properties";

  /** The version of this build. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() throws IOException {
      Properties build = new Properties();
      try (InputStream in = Main.class.getResourceAsStream(BUILD)) {
        if (in != null) {
          build.load(in);
        }
      }
      return new String[] {"curfew " + build.getProperty("version", "(development)")};
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
              command.getErr().println("curfew: " + words(failure));
              return Serve.FAILED;
            });
  }

  /** What a file system throws says no more than the name of the file. */
  private static String words(Exception failure) {
    return failure instanceof NoSuchFileException missing
        ? "there is no " + missing.getFile()
        : failure instanceof AccessDeniedException denied
            ? denied.getFile() + " may not be read by this user"
            : failure.getMessage();
  }

  @Override
  public Integer call() {
    return Serve.run();
  }
}

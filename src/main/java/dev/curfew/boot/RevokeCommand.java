package dev.curfew.boot;

import io.quarkus.runtime.Quarkus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Takes access away on the host itself, with the store's settings, when no door can be opened. It
 * only decides: running brokers, or this one when it is started again, do what is due.
 */
@Command(
    name = "revoke",
    mixinStandardHelpOptions = true,
    description = {
      "Takes access away, on the host and with the store's settings: of one grant, of a person, or"
          + " of all. Works while every door is closed. It decides and records; the running brokers"
          + " do it at once, a stopped one when it starts."
    })
final class RevokeCommand implements Callable<Integer> {

  /** What to end. */
  enum What {
    grant,
    person,
    all
  }

  @Parameters(index = "0", description = "${COMPLETION-CANDIDATES}")
  What what;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "<id>",
      description = "The grant's id, or the person's id or user name.")
  String id;

  @Option(names = "--note", description = "Why; kept in the history.")
  String note;

  @Override
  public Integer call() {
    if (what == What.all ? id != null : id == null) {
      throw new IllegalArgumentException(
          what == What.all ? "revoke all takes no id" : "name the " + what);
    }
    MappingCheck.run();
    EarlyConfig config = EarlyConfig.read();
    if (!config.hasDatasource()) {
      demoStore(Path.of(config.text("curfew.data.dir").orElse("data")));
    }
    quiet().forEach(System::setProperty);
    AtomicInteger exit = new AtomicInteger();
    Quarkus.run(
        RevokeApplication.class,
        (code, failure) -> {
          exit.set(code);
          if (failure != null) {
            System.err.println("curfew: " + Causes.of(failure));
          }
        },
        what.name(),
        id == null ? "" : id,
        note == null ? "" : note);
    return exit.get();
  }

  /** A process that opens no door, runs no job and touches no target. */
  private static Map<String, String> quiet() {
    return Map.of(
        RevokeApplication.RUNS,
        "true",
        "quarkus.http.host-enabled",
        "false",
        "quarkus.management.host",
        "127.0.0.1",
        "quarkus.management.port",
        "0",
        "quarkus.flyway.migrate-at-start",
        "false",
        "quarkus.log.level",
        "WARN",
        "curfew.grant.work",
        "false");
  }

  private static void demoStore(Path data) {
    Path port = data.resolve("store/port");
    if (!Files.exists(port)) {
      throw new IllegalStateException(
          "no datasource is set and " + data + " holds no demo; set " + EarlyConfig.DATASOURCE);
    }
    System.setProperty(
        EarlyConfig.DATASOURCE,
        "jdbc:postgresql://127.0.0.1:" + PrivateFile.read(port) + "/" + Demo.STORE);
    System.setProperty("quarkus.datasource.username", Demo.STORE);
    System.setProperty(
        "quarkus.datasource.password", PrivateFile.read(data.resolve("store-password")));
  }
}

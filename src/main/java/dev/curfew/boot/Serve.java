package dev.curfew.boot;

import io.quarkus.runtime.Quarkus;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Serves until it is told to stop. */
final class Serve {

  /** What a command answers that could not do its work. */
  static final int FAILED = 1;

  /** By sysexits: the configuration is wrong. */
  static final int MISCONFIGURED = 78;

  private Serve() {}

  static int run() {
    List<StartProblems.Problem> problems = MappingCheck.run();
    demoByHand().ifPresent(problems::add);
    StartProblems.early(problems);
    EarlyConfig config = EarlyConfig.read();
    String mode = config.text("curfew.demo").orElse("auto");
    if (config.hasDatasource()) {
      return quarkus(() -> {});
    }
    if (mode.equalsIgnoreCase("never")) {
      System.err.println(
          "curfew: no datasource is set, and curfew.demo=never forbids a demo; set "
              + EarlyConfig.DATASOURCE
              + ", quarkus.datasource.username and quarkus.datasource.password");
      return MISCONFIGURED;
    }
    return demo(config);
  }

  /** Who could switch the demo on over a store of theirs would switch the start checks off. */
  private static Optional<StartProblems.Problem> demoByHand() {
    if (!EarlyConfig.read().text("curfew.demo").orElse("").equalsIgnoreCase("on")) {
      return Optional.empty();
    }
    System.setProperty("curfew.demo", "auto");
    return Optional.of(
        new StartProblems.Problem(
            StartProblems.Reach.GIVING,
            "curfew.demo=on is set by the demo alone; take it out: without a datasource a demo"
                + " starts by itself"));
  }

  private static int demo(EarlyConfig config) {
    int wanted = config.number("quarkus.http.port", 8080);
    int port = wanted == 0 ? Ports.free() : wanted;
    Optional<String> taken =
        Ports.taken("127.0.0.1", port)
            .or(() -> Ports.taken("127.0.0.1", config.number("quarkus.management.port", 9000)));
    if (taken.isPresent()) {
      System.err.println("curfew: " + taken.get() + "; stop it, or choose another port");
      return FAILED;
    }
    System.out.println("Curfew starts its own PostgreSQL servers; the first time takes a moment.");
    Demo demo = Demo.start(Path.of(config.text("curfew.data.dir").orElse("data")));
    setUnlessSet(config, demo.settings(port));
    return quarkus(demo::close);
  }

  /** What somebody set wins, but not over what makes it this demo. */
  private static void setUnlessSet(EarlyConfig config, Map<String, String> settings) {
    settings.forEach(
        (key, value) -> {
          if (Demo.DECIDES.contains(key) || !config.isSetHere(key)) {
            System.setProperty(key, value);
          }
        });
  }

  /**
   * Quarkus, and after it {@code last}, also when the process is told to stop: what the application
   * needs must outlive it.
   */
  private static int quarkus(Runnable last) {
    CountDownLatch stopped = new CountDownLatch(1);
    Thread closing =
        new Thread(
            () -> {
              await(stopped);
              last.run();
            },
            "closing");
    Runtime.getRuntime().addShutdownHook(closing);
    AtomicInteger exit = new AtomicInteger();
    try {
      Quarkus.run(
          null,
          (code, failure) -> {
            exit.set(code);
            if (failure != null) {
              Causes.print(failure);
            }
          });
    } finally {
      stopped.countDown();
    }
    return exit.get();
  }

  private static void await(CountDownLatch stopped) {
    try {
      stopped.await(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

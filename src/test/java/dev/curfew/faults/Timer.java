package dev.curfew.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a unit of {@code connectors/postgresql/dead-man} says, done without systemd: its very
 * command, as often as the timer fires at the latest (its interval and its accuracy).
 */
final class Timer implements AutoCloseable {

  static final Path UNITS = Path.of("connectors", "postgresql", "dead-man");

  private static final Pattern WORD = Pattern.compile("(?:[^\\s\"]|\"[^\"]*\")+");

  private final List<String> command = words(setting("curfew-reaper.service", "ExecStart"));
  private final Duration each =
      seconds(setting("curfew-reaper.timer", "OnUnitActiveSec"))
          .plus(seconds(setting("curfew-reaper.timer", "AccuracySec")));
  private final Map<String, String> environment;
  private final Path log;
  private final Thread thread = new Thread(this::run, "dead-man");
  private volatile boolean running = true;

  Timer(Map<String, String> environment, Path log) {
    this.environment = environment;
    this.log = log;
    thread.setDaemon(true);
  }

  /** The program that is called must be there for it. */
  Path program() {
    return Path.of(command.get(0));
  }

  Timer start() {
    thread.start();
    return this;
  }

  private void run() {
    try {
      while (running) {
        long began = System.nanoTime();
        ProcessBuilder builder =
            new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.waitFor(10, TimeUnit.SECONDS); // as the service's TimeoutStartSec
        process.destroyForcibly();
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        Thread.sleep(Math.max(0, each.minus(took).toMillis()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    running = false;
    thread.interrupt();
  }

  private static String setting(String unit, String name) {
    try {
      return Files.readAllLines(UNITS.resolve(unit)).stream()
          .filter(line -> line.startsWith(name + "="))
          .findFirst()
          .orElseThrow(() -> new IllegalStateException(unit + " has no " + name))
          .substring(name.length() + 1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Duration seconds(String text) {
    return Duration.parse("PT" + text.toUpperCase(java.util.Locale.ROOT));
  }

  private static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    Matcher word = WORD.matcher(line);
    while (word.find()) {
      words.add(word.group().replace("\"", ""));
    }
    return words;
  }
}

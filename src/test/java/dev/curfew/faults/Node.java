package dev.curfew.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** One broker as a process of its own, in production: to be killed, stopped and let go on. */
final class Node implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(180);

  private final String name;
  private final Path folder;
  private final Path armed;
  private final Path log;
  private final Map<String, String> settings;
  private final Map<String, String> environment;
  private final int port = freePort();
  private final int management = freePort();
  private Process process;
  private int armedAt;

  Node(String name, Path folder, Map<String, String> settings, Map<String, String> environment) {
    this.name = name;
    this.environment = Map.copyOf(environment);
    this.folder = folder;
    this.armed = folder.resolve(name + ".point");
    this.log = folder.resolve(name + ".log");
    this.settings = new TreeMap<>(settings);
    disarm();
  }

  Node launch() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.add("-ea:dev.curfew..."); // or there are no failpoints
    Map<String, String> all = new TreeMap<>(settings);
    all.put("quarkus.http.host", "127.0.0.1");
    all.put("quarkus.http.port", Integer.toString(port));
    all.put("quarkus.management.port", Integer.toString(management));
    all.put("curfew.data.dir", folder.resolve(name).toString());
    all.put("curfew.failpoint", armed.toString());
    all.forEach((key, value) -> command.add("-D" + key + "=" + value));
    command.add("-jar");
    command.add(System.getProperty("curfew.jar", "target/quarkus-app/quarkus-run.jar"));
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      builder.environment().keySet().removeIf(key -> key.startsWith("CURFEW_"));
      builder.environment().putAll(environment);
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  Node awaitReady() {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (!isReady()) {
      if (!process.isAlive() || System.nanoTime() > until) {
        throw new IllegalStateException(name + " is not ready:\n" + output());
      }
      Fleet.rest(Duration.ofMillis(200));
    }
    return this;
  }

  boolean isReady() {
    return readiness().startsWith("200");
  }

  /** What it says of itself: the status and the body; empty while it does not answer. */
  String readiness() {
    return management("/q/health/ready");
  }

  /** The sum over the lines of a figure. */
  double figure(String name) {
    return management("/q/metrics")
        .lines()
        .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private String management(String path) {
    try {
      HttpURLConnection call =
          (HttpURLConnection)
              URI.create("http://127.0.0.1:" + management + path).toURL().openConnection();
      call.setConnectTimeout(1_000);
      call.setReadTimeout(5_000);
      int status = call.getResponseCode();
      try (InputStream body = status < 400 ? call.getInputStream() : call.getErrorStream()) {
        return status + "\n" + (body == null ? "" : new String(body.readAllBytes(), UTF_8));
      }
    } catch (IOException e) {
      return "";
    }
  }

  /** As {@code systemctl stop} asks: it ends by itself. Answers whether it did within that time. */
  boolean terminate(Duration within) {
    process.destroy();
    try {
      return process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** By signal 9. */
  void kill() {
    process.destroyForcibly();
    awaitDeath();
  }

  /** As a machine that hangs: nothing in it runs, and its connections stay. */
  void stop() {
    signal("STOP");
  }

  void goOn() {
    signal("CONT");
  }

  /** From here on, whoever comes to one of these points stands still there. */
  void arm(List<String> points) {
    armedAt = output().length();
    write(String.join("\n", points));
  }

  /** The grants that came to this point since it was armed. */
  Set<String> standingAt(String point) {
    String end = " stands at " + point;
    return output()
        .substring(armedAt)
        .lines()
        .filter(line -> line.endsWith(end))
        .map(line -> line.substring(0, line.length() - end.length()))
        .collect(Collectors.toSet());
  }

  void disarm() {
    write("");
  }

  boolean isAlive() {
    return process != null && process.isAlive();
  }

  void awaitDeath() {
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException(name + " is still alive");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  String name() {
    return name;
  }

  Path log() {
    return log;
  }

  /** Of the API. */
  String url(String path) {
    return page("/api/v1" + path);
  }

  String page(String path) {
    return "http://127.0.0.1:" + port + path;
  }

  /** What the host's administrator reads when nobody is an administrator of Curfew yet. */
  Path setUpToken() {
    return folder.resolve(name).resolve("set-up-token");
  }

  String output() {
    try {
      return Files.exists(log) ? Files.readString(log) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    if (process != null) {
      process.destroyForcibly();
    }
  }

  private void signal(String which) {
    try {
      new ProcessBuilder("kill", "-" + which, Long.toString(process.pid())).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(String points) {
    try {
      Files.writeString(armed, points);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

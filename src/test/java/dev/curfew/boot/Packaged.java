package dev.curfew.boot;

import static org.awaitility.Awaitility.await;

import com.eatthepath.otp.TimeBasedOneTimePasswordGenerator;
import dev.curfew.testing.Servers;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.crypto.spec.SecretKeySpec;
import org.apache.commons.codec.binary.Base32;

/**
 * The packaged product as a process of its own, in demo mode, with its own folder: to be really
 * killed and started again. Closing it ends its servers and removes the folder.
 */
public final class Packaged implements AutoCloseable {

  /** What saves a process that lives for seconds half of its work: nothing is compiled twice. */
  static final List<String> STARTS_FAST = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  private static final Duration PATIENCE = Duration.ofSeconds(180);

  private final Path data;
  private final Path log;
  private int port = Ports.free();
  private int management = Ports.free();
  private boolean wasReady;
  private Process process;

  public Packaged(String name) {
    data =
        Path.of("target", "packaged", name + "-" + ProcessHandle.current().pid()).toAbsolutePath();
    log = data.resolveSibling(data.getFileName() + ".log");
    try {
      Files.createDirectories(data);
      Files.deleteIfExists(log);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** It need not unpack the programs of its servers: this build has done so before. */
  public Packaged withLentPrograms() {
    Servers.lendPrograms(data);
    return this;
  }

  /** Starts it and waits until it is ready. */
  public Packaged start(Map<String, String> properties) {
    launch(properties);
    await("ready; see " + log)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> isReady() || failIfDead(properties));
    wasReady = true;
    return this;
  }

  /** Starts it without waiting. */
  public void launch(Map<String, String> properties) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx512m");
    command.addAll(STARTS_FAST);
    command.add("-Dquarkus.http.port=" + port);
    command.add("-Dquarkus.management.port=" + management);
    command.add("-Dcurfew.data.dir=" + data);
    properties.forEach((key, value) -> command.add("-D" + key + "=" + value));
    command.add("-jar");
    command.add(jar());
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String jar() {
    return System.getProperty("curfew.jar", "target/quarkus-app/quarkus-run.jar");
  }

  private boolean isReady() {
    try {
      HttpURLConnection call =
          (HttpURLConnection)
              URI.create("http://127.0.0.1:" + management + "/q/health/ready")
                  .toURL()
                  .openConnection();
      call.setConnectTimeout(1_000);
      call.setReadTimeout(5_000);
      return call.getResponseCode() == 200 && process.isAlive();
    } catch (IOException e) {
      return false;
    }
  }

  private boolean failIfDead(Map<String, String> properties) {
    if (process.isAlive()) {
      return false;
    }
    if (wasReady || !isTaken(port) && !isTaken(management)) {
      throw new IllegalStateException("it ended by itself:\n" + output());
    }
    // somebody was quicker; nobody knows our ports yet
    port = Ports.free();
    management = Ports.free();
    launch(properties);
    return false;
  }

  private static boolean isTaken(int port) {
    return Ports.taken("127.0.0.1", port).isPresent();
  }

  /** As a power cut would. */
  public void kill() {
    process.destroyForcibly();
    awaitDeath();
  }

  private void awaitDeath() {
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException("still alive:\n" + output());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  public int port() {
    return port;
  }

  /** Whether it says that it gives as well as takes away, with what stops it. */
  public String health() {
    try {
      HttpURLConnection call =
          (HttpURLConnection)
              URI.create("http://127.0.0.1:" + management + "/q/health/ready")
                  .toURL()
                  .openConnection();
      int status = call.getResponseCode();
      return status
          + " "
          + new String(
              (status == 200 ? call.getInputStream() : call.getErrorStream()).readAllBytes(),
              StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "no answer: " + e.getMessage();
    }
  }

  /** Everything it printed, over all its starts. */
  public String output() {
    try {
      return Files.exists(log) ? Files.readString(log) : "";
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  public String password(String user) {
    return player(user).settled().password();
  }

  /** The code that the person's authenticator shows now. */
  public String code(String user) {
    return code(user, Duration.ZERO);
  }

  /** The same for another moment: the next code is accepted a little early. */
  public String code(String user, Duration later) {
    byte[] seed = new Base32().decode(player(user).settled().totpSecret());
    try {
      return new TimeBasedOneTimePasswordGenerator()
          .generateOneTimePasswordString(
              new SecretKeySpec(seed, "RAW"), Clock.systemUTC().instant().plus(later));
    } catch (InvalidKeyException e) {
      throw new IllegalStateException(e);
    }
  }

  private DemoPeople.Player player(String user) {
    return DemoPeople.in(data).stream()
        .filter(player -> player.settled().user().equals(user))
        .findFirst()
        .orElseThrow();
  }

  /** The store, as the broker itself enters it. */
  public Connection store() throws SQLException {
    return connect("store", "curfew", "curfew", data.resolve("store-password"));
  }

  /** The target, as its superuser. */
  public Connection target() throws SQLException {
    return connect("target", "orders", Postgres.SUPERUSER, data.resolve("target/password"));
  }

  private Connection connect(String server, String database, String user, Path password)
      throws SQLException {
    String port = PrivateFile.read(data.resolve(server).resolve("port")).strip();
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/" + database,
        user,
        PrivateFile.read(password).strip());
  }

  /** For clean-up, once the process is dead. */
  private void end(String server) {
    new Postgres(
            data.resolve(server), PostgresBinaries.unpack(data.resolve("postgresql")), Map.of())
        .start()
        .crash();
  }

  @Override
  public void close() {
    if (process != null) {
      kill();
    }
    end("store");
    end("target");
    try {
      PostgresBinaries.delete(data);
    } catch (IOException e) {
      System.err.println("left behind: " + data + " (" + e.getMessage() + ")");
    }
  }
}

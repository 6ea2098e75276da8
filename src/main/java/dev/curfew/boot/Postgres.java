package dev.curfew.boot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * One PostgreSQL server of our own in a folder: durable, on loopback only, with a random superuser
 * password that is checked (scram). Its data and its port stay from start to start. A server left
 * running by a killed process is taken over; a folder in use by a living one is refused.
 *
 * <p>The folder holds {@code pgdata}, {@code password} (0600), {@code port}, {@code server.conf},
 * {@code server.log} and {@code lock}.
 */
public final class Postgres implements AutoCloseable {

  public static final String SUPERUSER = "postgres";

  private static final String HOST = "127.0.0.1";
  private static final Duration START = Duration.ofMinutes(2);
  private static final Duration STOP = Duration.ofSeconds(40);

  /** How often a port that was free a moment ago may be taken by somebody quicker. */
  private static final int PORTS = 5;

  private final Path folder;
  private final Path bin;
  private final Map<String, String> settings;
  private FileChannel lock;
  private RunAs runAs;
  private int port;
  private String password;
  private boolean running;
  private boolean takenOver;

  /**
   * @param folder where the server keeps everything; made if missing
   * @param bin holds {@code initdb} and {@code pg_ctl}: ours, or for example {@code
   *     /usr/lib/postgresql/15/bin}
   * @param settings lines of postgresql.conf that differ from PostgreSQL's defaults
   */
  public Postgres(Path folder, Path bin, Map<String, String> settings) {
    this.folder = folder.toAbsolutePath().normalize();
    this.bin = bin.toAbsolutePath().normalize();
    this.settings = new TreeMap<>(settings);
  }

  /**
   * Starts the server, or takes over the one that runs here.
   *
   * @throws IllegalStateException when it cannot, with the reason for a person
   */
  public synchronized Postgres start() {
    if (running) {
      return this;
    }
    try {
      privateFolder(folder);
      lock();
      runAs = RunAs.forFilesIn(folder);
      password = PrivateFile.secret(folder.resolve("password"));
      if (!Files.exists(data().resolve("PG_VERSION"))) {
        initialise();
      }
      runAs.own(folder);
      takenOver = takeOver();
      if (!takenOver) {
        launch();
      }
      running = true;
      return this;
    } catch (IOException e) {
      unlock();
      throw new UncheckedIOException("PostgreSQL in " + folder + ": " + e.getMessage(), e);
    } catch (RuntimeException e) {
      unlock();
      throw e;
    }
  }

  /** Ends all sessions and stops; the data stays. */
  public synchronized void stop() {
    if (!running) {
      return;
    }
    try {
      control("stop", "-m", "fast", "-w", "-t", Long.toString(STOP.toSeconds()));
    } finally {
      running = false;
      unlock();
    }
  }

  /** Stops as by a power cut: the next start recovers from the log. */
  public synchronized void crash() {
    if (running) {
      control("stop", "-m", "immediate", "-w");
      running = false;
      unlock();
    }
  }

  @Override
  public void close() {
    stop();
  }

  public String host() {
    return HOST;
  }

  public int port() {
    return port;
  }

  public Path folder() {
    return folder;
  }

  public String superuserPassword() {
    return password;
  }

  /** Whether the last start found the server running. */
  public boolean wasTakenOver() {
    return takenOver;
  }

  public String url(String database) {
    return "jdbc:postgresql://" + HOST + ":" + port + "/" + database;
  }

  /** A connection as superuser. */
  public Connection connect(String database) throws SQLException {
    return connect(port, database, Duration.ofSeconds(10));
  }

  /** Makes the database unless it is there. */
  public void createDatabase(String name) {
    try (Connection connection = connect("postgres");
        Statement statement = connection.createStatement()) {
      String there = "select 1 from pg_database where datname = " + statement.enquoteLiteral(name);
      try (ResultSet found = statement.executeQuery(there)) {
        if (found.next()) {
          return;
        }
      }
      statement.execute("create database " + statement.enquoteIdentifier(name, true));
    } catch (SQLException e) {
      throw new IllegalStateException("database " + name + ": " + e.getMessage(), e);
    }
  }

  private Path data() {
    return folder.resolve("pgdata");
  }

  private void lock() throws IOException {
    Path file = folder.resolve("lock");
    lock =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    FileLock got;
    try {
      got = lock.tryLock();
    } catch (OverlappingFileLockException e) {
      got = null;
    }
    if (got == null) {
      lock = null; // not closed: closing would give up what another server of this process holds
      throw new IllegalStateException(
          folder + " is in use by process " + Files.readString(file).strip() + "; stop it first");
    }
    lock.truncate(0);
    lock.write(java.nio.ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes()));
  }

  private void unlock() {
    try {
      if (lock != null) {
        lock.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Made aside and moved when whole: a death in between leaves nothing half made. */
  private void initialise() throws IOException {
    Path fresh = folder.resolve("pgdata-new");
    PostgresBinaries.delete(fresh);
    PostgresBinaries.delete(data());
    Files.createDirectory(fresh);
    privateFolder(fresh);
    runAs.own(folder);
    List<String> command = new ArrayList<>();
    command.add(bin.resolve("initdb").toString());
    command.addAll(List.of("-D", fresh.toString(), "-U", SUPERUSER));
    command.addAll(List.of("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C"));
    command.add("--pwfile=" + folder.resolve("password"));
    run("initdb", command, START);
    Files.writeString(
        fresh.resolve("postgresql.conf"),
        "\ninclude_if_exists = '../server.conf'\n",
        StandardOpenOption.APPEND);
    Files.move(fresh, data(), StandardCopyOption.ATOMIC_MOVE);
  }

  private boolean takeOver() throws IOException {
    Path pidFile = data().resolve("postmaster.pid");
    if (!Files.exists(pidFile)) {
      return false;
    }
    List<String> lines = Files.readAllLines(pidFile);
    if (lines.size() < 4 || !isAlive(lines.get(0))) {
      return false;
    }
    port = Integer.parseInt(lines.get(3).strip());
    if (isOurs()) {
      return true;
    }
    if (controlStatus("status") == 0 && isPostgres(lines.get(0))) {
      control("stop", "-m", "immediate", "-w");
    }
    return false;
  }

  private boolean isOurs() {
    try (Connection connection = connect(port, "postgres", Duration.ofSeconds(5));
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("show data_directory")) {
      row.next();
      return Path.of(row.getString(1)).toRealPath().equals(data().toRealPath());
    } catch (SQLException | IOException e) {
      return false;
    }
  }

  private static boolean isAlive(String pid) {
    return ProcessHandle.of(Long.parseLong(pid.strip())).filter(ProcessHandle::isAlive).isPresent();
  }

  /** A number from before a reboot may belong to something else by now. */
  private static boolean isPostgres(String pid) {
    return ProcessHandle.of(Long.parseLong(pid.strip()))
        .flatMap(process -> process.info().command())
        .filter(command -> command.endsWith("/postgres"))
        .isPresent();
  }

  private void launch() throws IOException {
    for (int ports = 1; ; ports++) {
      port = stablePort();
      configure();
      String log = folder.resolve("server.log").toString();
      try {
        control("start", "-w", "-t", Long.toString(START.toSeconds()), "-l", log);
        return;
      } catch (IllegalStateException e) {
        if (ports == PORTS || freePort(port) == port) {
          throw e;
        }
      }
    }
  }

  private void configure() throws IOException {
    Map<String, String> all = new TreeMap<>(settings);
    all.put("port", Integer.toString(port));
    all.put("listen_addresses", HOST);
    all.put("unix_socket_directories", "");
    all.put("password_encryption", "scram-sha-256");
    StringBuilder text = new StringBuilder("# written at each start\n");
    all.forEach(
        (name, value) ->
            text.append(name).append(" = '").append(value.replace("'", "''")).append("'\n"));
    Files.writeString(folder.resolve("server.conf"), text);
    runAs.own(folder);
  }

  /** The port of the last start if it is free, else another, kept for the next one. */
  private int stablePort() throws IOException {
    Path file = folder.resolve("port");
    if (Files.exists(file)) {
      int last = Integer.parseInt(Files.readString(file).strip());
      if (freePort(last) == last) {
        return last;
      }
    }
    int fresh = freePort(0);
    Files.writeString(file, Integer.toString(fresh));
    return fresh;
  }

  private static int freePort(int wanted) throws IOException {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(HOST), wanted));
      return socket.getLocalPort();
    } catch (java.net.BindException e) {
      return -1;
    }
  }

  private Connection connect(int atPort, String database, Duration within) throws SQLException {
    Properties properties = new Properties();
    properties.put("user", SUPERUSER);
    properties.put("password", password);
    properties.put("connectTimeout", Long.toString(within.toSeconds()));
    properties.put("loginTimeout", Long.toString(within.toSeconds()));
    return DriverManager.getConnection(
        "jdbc:postgresql://" + HOST + ":" + atPort + "/" + database, properties);
  }

  private void control(String... what) {
    run("pg_ctl " + what[0], controlCommand(what), START);
  }

  private int controlStatus(String... what) {
    return execute("pg_ctl " + what[0], controlCommand(what), START);
  }

  private List<String> controlCommand(String... what) {
    List<String> command = new ArrayList<>();
    command.add(bin.resolve("pg_ctl").toString());
    command.addAll(List.of(what));
    command.addAll(List.of("-D", data().toString()));
    return command;
  }

  private void run(String name, List<String> command, Duration within) {
    int code = execute(name, command, within);
    if (code != 0) {
      throw new IllegalStateException(
          name
              + " failed ("
              + code
              + "); the end of its log:\n"
              + tail("command.log")
              + serverTail());
    }
  }

  private int execute(String name, List<String> command, Duration within) {
    Path output = folder.resolve("command.log");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(runAs.command(command))
              .directory(folder.toFile())
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectErrorStream(true)
              .redirectOutput(output.toFile());
      builder.environment().keySet().removeIf(variable -> variable.startsWith("PG"));
      builder.environment().put("LC_ALL", "C");
      Process process = builder.start();
      if (!process.waitFor(within.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException(name + " did not end within " + within.toSeconds() + " s");
      }
      return process.exitValue();
    } catch (IOException e) {
      throw new UncheckedIOException(name + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(name + " was interrupted", e);
    }
  }

  private String serverTail() {
    return Files.exists(folder.resolve("server.log")) ? "\n" + tail("server.log") : "";
  }

  private String tail(String file) {
    try {
      List<String> lines = Files.readAllLines(folder.resolve(file));
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 15), lines.size()));
    } catch (IOException e) {
      return "(no " + file + ")";
    }
  }

  private static void privateFolder(Path path) throws IOException {
    Files.createDirectories(path);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
  }
}

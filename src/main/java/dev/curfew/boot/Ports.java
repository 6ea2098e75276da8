package dev.curfew.boot;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether a port is free, and if not, who has it. */
final class Ports {

  private static final String LISTENING = "0A";

  private Ports() {}

  /** A free port of this host. */
  static int free() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException("no port is free: " + e.getMessage(), e);
    }
  }

  /** Empty when a server could listen there; else a sentence that names who does. */
  static Optional<String> taken(String host, int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(host, port));
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of("port " + port + " is taken by " + holder(port));
    }
  }

  private static String holder(int port) {
    return pid(port)
        .map(
            pid ->
                "process "
                    + pid
                    + ProcessHandle.of(pid)
                        .flatMap(process -> process.info().commandLine())
                        .map(line -> " (" + shortened(line) + ")")
                        .orElse(""))
        .orElse("another process");
  }

  private static String shortened(String line) {
    return line.length() > 160
        ? line.substring(0, 80) + " … " + line.substring(line.length() - 75)
        : line;
  }

  /** Linux only; elsewhere, or for a process of somebody else, nobody knows. */
  private static Optional<Long> pid(int port) {
    try {
      Set<String> sockets = new HashSet<>();
      for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
        if (Files.exists(Path.of(table))) {
          Files.readAllLines(Path.of(table)).forEach(line -> collect(line, port, sockets));
        }
      }
      return ProcessHandle.allProcesses()
          .map(ProcessHandle::pid)
          .filter(pid -> holdsOneOf(pid, sockets))
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static void collect(String line, int port, Set<String> sockets) {
    String[] fields = line.strip().split("\\s+");
    if (fields.length > 9
        && fields[3].equals(LISTENING)
        && fields[1].endsWith(":" + String.format("%04X", port))) {
      sockets.add("socket:[" + fields[9] + "]");
    }
  }

  private static boolean holdsOneOf(long pid, Set<String> sockets) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of("/proc/" + pid + "/fd"))) {
      for (Path file : files) {
        if (sockets.contains(linkOf(file))) {
          return true;
        }
      }
    } catch (IOException e) {
      return false;
    }
    return false;
  }

  private static String linkOf(Path file) {
    try {
      return Files.readSymbolicLink(file).toString();
    } catch (IOException e) {
      return "";
    }
  }
}

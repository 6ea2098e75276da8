package dev.curfew.faults;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The wall clock of one process, turned while it runs, by libfaketime. The monotonic clock stays as
 * it is, and so must the library's mending of waits: with it every timed wait of a JVM ends at
 * once.
 */
final class Faketime {

  private static final List<Path> PLACES =
      List.of(
          Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"),
          Path.of("/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1"),
          Path.of("/usr/lib64/faketime/libfaketimeMT.so.1"),
          Path.of("/usr/lib/faketime/libfaketimeMT.so.1"),
          Path.of("/usr/local/lib/faketime/libfaketimeMT.so.1"));

  private final Path file;

  Faketime(Path file) {
    this.file = file;
    turn(Duration.ZERO);
  }

  /** What a process needs to see this clock; nothing where libfaketime is missing. */
  Map<String, String> environment() {
    return library().isEmpty()
        ? Map.of()
        : with("FAKETIME_TIMESTAMP_FILE", file.toString(), "FAKETIME_CACHE_DURATION", "1");
  }

  /** What a process and all that it starts need to be that much ahead for good. */
  static Map<String, String> fixed(Duration ahead) {
    return with("FAKETIME", offset(ahead));
  }

  private static Map<String, String> with(String... more) {
    Map<String, String> all = new TreeMap<>();
    all.put("LD_PRELOAD", library().orElseThrow().toString());
    all.put("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    all.put("FAKETIME_FORCE_MONOTONIC_FIX", "0");
    all.put("NO_FAKE_STAT", "1");
    for (int i = 0; i < more.length; i += 2) {
      all.put(more[i], more[i + 1]);
    }
    return all;
  }

  private static String offset(Duration ahead) {
    return "%+09d".formatted(ahead.toSeconds());
  }

  /** That much ahead of the real time from now on. */
  void turn(Duration ahead) {
    try {
      Path aside = Files.writeString(Path.of(file + ".new"), offset(ahead));
      Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Skips the test, or fails it where {@code -Dcurfew.faketime=required}. */
  static void require() {
    if (library().isEmpty()) {
      missing("libfaketime (Debian: faketime) is not installed: a node's wrong clock is not tried");
    }
  }

  static void missing(String text) {
    if ("required".equals(System.getProperty("curfew.faketime"))) {
      fail(text);
    }
    System.out.println("skipped: " + text);
    abort(text);
  }

  private static Optional<Path> library() {
    return PLACES.stream().filter(Files::exists).findFirst();
  }
}

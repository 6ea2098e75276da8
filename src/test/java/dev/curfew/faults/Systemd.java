package dev.curfew.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A systemd of its own, as process 1 of namespaces of its own, that knows nothing but the shipped
 * timer and service, as they are. Only where and as whom psql enters is told to it by a drop-in.
 * For root, on a machine without anything to lose.
 */
final class Systemd implements AutoCloseable {

  private static final String BOOT =
      """
      set -e
      for all in /sys/fs/cgroup/cgroup.procs /sys/fs/cgroup/*/cgroup.procs; do
        own=$(dirname "$all")/curfew-reaper
        if [ -e "$all" ] && mkdir -p "$own"; then echo $$ > "$own/cgroup.procs" || true; fi
      done 2>/dev/null
      export SYSTEMD_UNIT_PATH="$1" container=test
      exec unshare --mount --pid --cgroup --ipc --uts --fork --kill-child bash -ec '
        mount --make-rprivate /
        mount -t tmpfs tmpfs /run
        mkdir -p /run/systemd/system /run/lock
        mount -t proc proc /proc
        exec /lib/systemd/systemd --system --unit=default.target --show-status=no'
      """;

  private static final String TARGET = "[Unit]\nDefaultDependencies=no\n";
  private static final String CLEAN =
      "find /sys/fs/cgroup -maxdepth 2 -type d -name curfew-reaper"
          + " -exec find {} -depth -type d -exec rmdir {} ; ;";

  private final Path units;
  private Process systemd;

  Systemd(Map<String, String> environment, Path folder) {
    this.units = folder.resolve("units");
    try {
      Path dropIn = Files.createDirectories(units.resolve("curfew-reaper.service.d"));
      for (String unit : new String[] {"curfew-reaper.service", "curfew-reaper.timer"}) {
        Files.copy(Timer.UNITS.resolve(unit), units.resolve(unit));
      }
      Files.writeString(
          dropIn.resolve("server.conf"),
          environment.entrySet().stream()
              .map(e -> "Environment=" + e.getKey() + "=" + e.getValue().replace("%", "%%"))
              .collect(Collectors.joining("\n", "[Service]\n", "\n")));
      for (String target : new String[] {"sysinit", "basic", "timers", "shutdown"}) {
        Files.writeString(units.resolve(target + ".target"), TARGET);
      }
      Files.writeString(units.resolve("default.target"), TARGET + "Wants=curfew-reaper.timer\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Systemd start() {
    try {
      systemd =
          new ProcessBuilder("bash", "-c", BOOT, "boot", units.toAbsolutePath().toString())
              .redirectErrorStream(true)
              .redirectOutput(units.resolveSibling("systemd.log").toFile())
              .start();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    systemd.destroyForcibly();
    try {
      systemd.waitFor(10, TimeUnit.SECONDS);
      Thread.sleep(500);
      String[] command = CLEAN.split(" ");
      new ProcessBuilder(command).inheritIO().start().waitFor(10, TimeUnit.SECONDS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

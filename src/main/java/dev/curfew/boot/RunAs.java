package dev.curfew.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * As whom the PostgreSQL programs run: they refuse to be root. In a user namespace of their own
 * they are not, and keep reading files of root; where namespaces are forbidden they run as nobody
 * and get the files.
 */
enum RunAs {
  SELF(List.of()),
  NAMESPACE(List.of("unshare", "--user")),
  NOBODY(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));

  private static final int ROOT = 0;
  private static final String NOBODY_ID = "65534";

  private final List<String> prefix;

  RunAs(List<String> prefix) {
    this.prefix = prefix;
  }

  /** What works for the user that owns files made by this process in {@code folder}. */
  static RunAs forFilesIn(Path folder) throws IOException {
    Path probe = Files.createTempFile(folder, "probe-", "");
    try {
      if ((int) Files.getAttribute(probe, "unix:uid") != ROOT) {
        return SELF;
      }
    } finally {
      Files.delete(probe);
    }
    return NAMESPACE.works() ? NAMESPACE : NOBODY;
  }

  List<String> command(List<String> plain) {
    List<String> whole = new ArrayList<>(prefix);
    whole.addAll(plain);
    return whole;
  }

  /** Gives the folder to whom the programs run as. */
  void own(Path folder) throws IOException {
    String owner = this == NOBODY ? NOBODY_ID : "0";
    boolean already = Files.getAttribute(folder, "unix:uid").toString().equals(owner);
    if (this == SELF || (already && this == NAMESPACE)) {
      return;
    }
    run(List.of("chown", "-R", owner + ":" + owner, folder.toString()));
  }

  private boolean works() {
    try {
      return run(command(List.of("true"))) == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static int run(List<String> command) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      if (!process.waitFor(1, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new IOException(command.get(0) + " did not end");
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}

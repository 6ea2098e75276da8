package dev.curfew.grant;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Semaphore;

/**
 * Named points at which a test can kill the process, to prove that it may die anywhere. Off unless
 * the JVM has assertions enabled for this class, which no installation has, and the system property
 * {@code curfew.failpoint} names a file that names points, a line each; it is read each time, so
 * that a running process can be armed. All that a point can do is let whoever comes to it stand
 * still for ever: it skips no check and changes no data. Each says so on standard error, and
 * whoever armed the points counts them and kills the process by signal 9.
 *
 * <p>The points: {@code provision.claimed}, {@code provision.before-begin-commit}, {@code
 * provision.before-call}, {@code provision.after-call}, {@code provision.before-settle-commit},
 * {@code provision.after-settle-commit}; {@code pickup.before-lease-commit}, {@code
 * pickup.before-call}, {@code pickup.after-call}, {@code pickup.before-shown-commit}, {@code
 * pickup.after-shown-commit}; {@code end.before-commit}, {@code revoke.claimed}, {@code
 * revoke.before-call}, {@code revoke.before-block-commit}, {@code revoke.after-block-commit} and
 * the same with {@code kill} and {@code clean}, {@code revoke.after-call}, {@code
 * revoke.after-verify}, {@code revoke.before-settle-commit}, {@code revoke.after-settle-commit}.
 */
final class Failpoints {

  static final String PROPERTY = "curfew.failpoint";

  private static final String ARMED =
      Failpoints.class.desiredAssertionStatus() ? System.getProperty(PROPERTY, "") : "";

  private Failpoints() {}

  static void pass(String name, String grant) {
    if (!ARMED.isEmpty() && armed().contains(name)) {
      System.err.print(grant + " stands at " + name + "\n");
      new Semaphore(0).acquireUninterruptibly();
    }
  }

  private static List<String> armed() {
    try {
      return Files.readAllLines(Path.of(ARMED));
    } catch (IOException e) {
      return List.of();
    }
  }
}

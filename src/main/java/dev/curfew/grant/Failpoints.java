package dev.curfew.grant;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Named points where a test can kill the process, to prove that it may die anywhere. Off unless the
 * system property {@code curfew.failpoint} names one. All it can do is stop the process, at once
 * and without clean-up, as a power cut would: it skips no check and changes no data. A value {@code
 * @file} names a file that holds the point, so that a running process can be armed.
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

  private static final String ARMED = System.getProperty(PROPERTY, "");

  /** As if killed by signal 9. */
  private static final int KILLED = 137;

  private Failpoints() {}

  static void pass(String name) {
    if (!ARMED.isEmpty() && armed().equals(name)) {
      System.err.println("stopped at " + name);
      Runtime.getRuntime().halt(KILLED);
    }
  }

  private static String armed() {
    if (!ARMED.startsWith("@")) {
      return ARMED;
    }
    try {
      return Files.readString(Path.of(ARMED.substring(1))).strip();
    } catch (IOException e) {
      return "";
    }
  }
}

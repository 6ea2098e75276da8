package dev.curfew.connector;

import java.util.regex.Pattern;

/**
 * Makes a message of a target or a driver fit for a log and a page: one short line in which nothing
 * that looks like a secret is left.
 */
public final class Redaction {

  private static final int LONGEST = 400;
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\s]+");
  private static final Pattern VERIFIER =
      Pattern.compile("SCRAM-SHA-\\d+\\$\\S+|\\bmd5[0-9a-f]{32}\\b");
  private static final Pattern ASSIGNED =
      Pattern.compile(
          "(?i)\\b(password|passwd|pwd|secret|token)(\\s*[=:]\\s*|\\s+')(\"[^\"]*\"|[^\\s,;]+)");
  private static final Pattern IN_URL = Pattern.compile("://[^/@\\s]+@");

  private Redaction() {}

  public static String of(String message) {
    if (message == null || message.isBlank()) {
      return "no reason given";
    }
    String line = CONTROL.matcher(message).replaceAll(" ").strip();
    line = VERIFIER.matcher(line).replaceAll("[redacted]");
    line = ASSIGNED.matcher(line).replaceAll("$1 [redacted]");
    line = IN_URL.matcher(line).replaceAll("://[redacted]@");
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
  }
}

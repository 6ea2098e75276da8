package dev.curfew.connector.sql;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the accounts of grants are called; the longest name has 32 characters. */
final class Names {

  private static final Pattern MADE = Pattern.compile("jitx?_([a-z0-9]{1,2})_([a-z0-9]{1,24})");

  private Names() {}

  /** From provision to BLOCK. */
  static String role(String broker, String grant) {
    return checked("jit_" + broker + "_" + grant);
  }

  /** From BLOCK on, so that a late issue finds nobody. */
  static String blocked(String broker, String grant) {
    return checked("jitx_" + broker + "_" + grant);
  }

  /** What remembers the broker's store; no grant's id is that short. */
  static String witness(String broker) {
    return role(broker, "witness");
  }

  /** The grant that an account of this broker was made for, by its name alone. */
  static Optional<String> grant(String name, String broker) {
    Matcher made = MADE.matcher(name);
    return made.matches() && made.group(1).equals(broker) && !name.equals(witness(broker))
        ? Optional.of(made.group(2))
        : Optional.empty();
  }

  private static String checked(String name) {
    if (!MADE.matcher(name).matches()) {
      throw new IllegalArgumentException("not a name for an account: " + name);
    }
    return name;
  }
}

package dev.curfew.connector;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All a connector needs to find and revoke an access, with its pack deleted. Stored before any
 * effect; holds no secret, only the reference to one.
 *
 * @param kind which connector reads it
 * @param grant whose access this is
 * @param facts frozen at plan: host, port, database, secret reference, names
 */
public record Handle(String kind, String grant, Map<String, String> facts) {

  public static final String SERVER = "server";

  public Handle {
    facts = Collections.unmodifiableMap(new TreeMap<>(facts));
  }

  /**
   * The same, with what is declared today of the target's standbys: one that came later counts for
   * what was given before, and one that left the pack is not forgotten.
   */
  public Handle withStandbysOf(Target today) {
    Map<String, String> all = new TreeMap<>(facts);
    today.settings().entrySet().stream()
        .filter(setting -> setting.getKey().startsWith(Target.STANDBY))
        .forEach(setting -> all.put(setting.getKey(), setting.getValue()));
    return new Handle(kind, grant, all);
  }

  /** The server that was pinned when this was planned, where its kind has such a thing. */
  public Optional<String> server() {
    return Optional.ofNullable(facts.get(SERVER));
  }
}

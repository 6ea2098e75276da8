package dev.curfew.connector.sql;

import dev.curfew.connector.Endpoint;
import dev.curfew.connector.Target;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A server that replays the target's own: who has an account on the target is let in there too.
 *
 * @param name what it calls itself to the server it replays, its {@code application_name}
 * @param endpoint where Curfew connects to it; empty when it is declared out of reach
 */
record Standby(String name, Optional<Endpoint> endpoint) {

  static List<Standby> of(Map<String, String> settings) {
    return settings.entrySet().stream()
        .filter(setting -> setting.getKey().startsWith(Target.STANDBY))
        .map(setting -> of(setting.getKey().substring(Target.STANDBY.length()), setting.getValue()))
        .toList();
  }

  private static Standby of(String name, String where) {
    if (where.equals(Target.UNREACHABLE)) {
      return new Standby(name, Optional.empty());
    }
    int colon = where.lastIndexOf(':');
    return new Standby(
        name,
        Optional.of(
            new Endpoint(where.substring(0, colon), Integer.parseInt(where.substring(colon + 1)))));
  }

  static Map<String, String> facts(List<Standby> standbys) {
    Map<String, String> facts = new TreeMap<>();
    for (Standby each : standbys) {
      facts.put(
          Target.STANDBY + each.name,
          each.endpoint.map(at -> at.host() + ":" + at.port()).orElse(Target.UNREACHABLE));
    }
    return facts;
  }
}

package dev.curfew.connector;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One thing that can be entered, as its pack describes it.
 *
 * @param id the name people know, for example {@code orders-db}
 * @param kind which connector serves it
 * @param admin where the broker connects
 * @param connect where people connect
 * @param settings what this kind needs, for PostgreSQL {@code user}, {@code secret} (a reference,
 *     never the secret), {@code database} (maintenance), {@code sslmode}, {@code ca} and, for each
 *     standby, {@code standby.<name>}
 */
public record Target(
    String id, String kind, Endpoint admin, Endpoint connect, Map<String, String> settings) {

  /** Before the name of a standby; what it is set to is host and port, or {@link #UNREACHABLE}. */
  public static final String STANDBY = "standby.";

  /** A standby that Curfew cannot reach: what stays open there is shown to the approver. */
  public static final String UNREACHABLE = "unreachable";

  private static final String SERVER = "server";

  public Target {
    settings = java.util.Collections.unmodifiableMap(new TreeMap<>(settings));
  }

  /** The same, served by this server and no other. */
  public Target on(String server) {
    Map<String, String> pinned = new TreeMap<>(settings);
    pinned.put(SERVER, server);
    return new Target(id, kind, admin, connect, pinned);
  }

  /** The server that is pinned for it; empty before the first good check. */
  public Optional<String> server() {
    return Optional.ofNullable(settings.get(SERVER));
  }
}

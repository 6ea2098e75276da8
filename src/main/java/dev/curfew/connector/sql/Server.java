package dev.curfew.connector.sql;

import dev.curfew.connector.ConnectorException;
import dev.curfew.connector.Endpoint;
import dev.curfew.connector.Handle;
import dev.curfew.connector.Target;
import dev.curfew.connector.Told;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where and how the broker connects, whether it is read from a target or from a handle whose target
 * is gone.
 *
 * @param target what people call it, for messages
 * @param secret the reference to the broker's password
 * @param ca file with the certificates to trust; empty for those Java trusts
 * @param pinned what the one server says of itself that is meant
 * @param told what it must remember for a look at it to prove anything
 * @param standbys the servers that replay it
 */
record Server(
    String target,
    Endpoint admin,
    Endpoint connect,
    String user,
    String secret,
    String maintenance,
    String sslmode,
    Optional<String> ca,
    Optional<String> pinned,
    Optional<Told> told,
    List<Standby> standbys) {

  static final String TARGET = "target";
  static final String HOST = "host";
  static final String PORT = "port";
  static final String CONNECT_HOST = "connect_host";
  static final String CONNECT_PORT = "connect_port";
  static final String USER = "user";
  static final String SECRET = "secret";
  static final String MAINTENANCE = "maintenance";
  static final String SSLMODE = "sslmode";
  static final String CA = "ca";

  static final String VERIFY_FULL = "verify-full";

  static Server of(Target target) {
    Map<String, String> settings = target.settings();
    return new Server(
        target.id(),
        target.admin(),
        target.connect(),
        needed(target.id(), settings, "user"),
        needed(target.id(), settings, "secret"),
        settings.getOrDefault("database", "curfew_maintenance"),
        settings.getOrDefault("sslmode", VERIFY_FULL),
        Optional.ofNullable(settings.get("ca")),
        target.server(),
        Optional.empty(),
        Standby.of(settings));
  }

  static Server of(Handle handle) {
    Map<String, String> facts = handle.facts();
    return new Server(
        fact(handle, TARGET),
        new Endpoint(fact(handle, HOST), port(handle, PORT)),
        new Endpoint(fact(handle, CONNECT_HOST), port(handle, CONNECT_PORT)),
        fact(handle, USER),
        fact(handle, SECRET),
        fact(handle, MAINTENANCE),
        fact(handle, SSLMODE),
        Optional.ofNullable(facts.get(CA)),
        handle.server(),
        Told.of(handle),
        Standby.of(facts));
  }

  void write(Map<String, String> facts) {
    facts.put(TARGET, target);
    facts.put(HOST, admin.host());
    facts.put(PORT, Integer.toString(admin.port()));
    facts.put(CONNECT_HOST, connect.host());
    facts.put(CONNECT_PORT, Integer.toString(connect.port()));
    facts.put(USER, user);
    facts.put(SECRET, secret);
    facts.put(MAINTENANCE, maintenance);
    facts.put(SSLMODE, sslmode);
    ca.ifPresent(file -> facts.put(CA, file));
    pinned.ifPresent(system -> facts.put(Handle.SERVER, system));
    facts.putAll(Standby.facts(standbys));
  }

  /** One of its standbys, where the same accounts are let in. */
  Server at(Standby standby) {
    return new Server(
        "the standby " + standby.name() + " of " + target,
        standby.endpoint().orElseThrow(),
        connect,
        user,
        secret,
        maintenance,
        sslmode,
        ca,
        pinned,
        Optional.empty(),
        List.of());
  }

  private static int port(Handle handle, String name) {
    try {
      return Integer.parseInt(fact(handle, name));
    } catch (NumberFormatException e) {
      throw new ConnectorException("the handle's " + name + " is no number", false);
    }
  }

  static String fact(Handle handle, String name) {
    return needed("the handle of grant " + handle.grant(), handle.facts(), name);
  }

  private static String needed(String whose, Map<String, String> values, String name) {
    String value = values.get(name);
    if (value == null || value.isBlank()) {
      throw new ConnectorException(whose + " lacks \"" + name + "\"", false);
    }
    return value;
  }
}

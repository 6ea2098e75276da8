package dev.curfew.connector.sql;

import dev.curfew.connector.ConnectorException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which server answered: learned anew on each call.
 *
 * @param version the major version
 * @param system what tells this server from every other, a restored copy excepted
 * @param takesWrites false while it is in recovery, that is, a standby
 * @param clock its time, and the machine's nanoseconds, when it answered; empty where its pack does
 *     not ask
 */
record Sight(
    int version, String system, boolean takesWrites, Optional<Clock> clock, Statements statements) {

  /** A time that goes on. */
  record Clock(Instant then, long nanos) {
    Instant now() {
      return then.plusNanos(System.nanoTime() - nanos);
    }
  }

  static Sight of(Session session, SqlPack pack, Server server) {
    int version = session.version();
    Statements statements =
        pack.forVersion(version)
            .orElseThrow(
                () ->
                    new ConnectorException(
                        "%s runs %s %d, which its pack has no statements for"
                            .formatted(server.target(), pack.kind(), version),
                        true));
    List<String> row = session.query(statements.query(Verb.SERVER), Map.of()).get(0);
    Optional<Clock> clock =
        row.stream()
            .skip(2)
            .map(millis -> Instant.ofEpochMilli(Long.parseLong(millis)))
            .map(then -> new Clock(then, System.nanoTime()))
            .findFirst();
    return new Sight(version, row.get(0), "t".equals(row.get(1)), clock, statements);
  }

  /** The same for everybody: without the names of servers. */
  static String notMeantPlainly(Server server) {
    return server.target() + " is not the server it is known as";
  }

  /** Why this is not the server that is meant; empty when it is. */
  Optional<String> notMeant(Server server) {
    if (server.pinned().isEmpty()) {
      return Optional.of(server.target() + " was not checked yet, so its server is not known");
    }
    return server
        .pinned()
        .filter(pinned -> !pinned.equals(system))
        .map(
            pinned ->
                "%s answers as another server than the one it is known as (%s, not %s)"
                    .formatted(server.target(), system, pinned));
  }

  /**
   * @throws ConnectorException when another server answered; nothing was asked of it
   */
  Sight meant(Server server) {
    notMeant(server)
        .ifPresent(
            why -> {
              throw new ConnectorException(notMeantPlainly(server), why, false);
            });
    return this;
  }
}

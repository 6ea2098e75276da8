package dev.curfew.connector.sql;

import dev.curfew.connector.ConnectorException;
import java.util.List;
import java.util.Map;

/**
 * Which server answered: learned anew on each call.
 *
 * @param version the major version
 * @param system what tells this server from every other, a restored copy excepted
 * @param takesWrites false while it is in recovery, that is, a standby
 */
record Sight(int version, String system, boolean takesWrites, Statements statements) {

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
    return new Sight(version, row.get(0), "t".equals(row.get(1)), statements);
  }
}

package dev.curfew.connector.sql;

import dev.curfew.connector.Mark;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An account as it stands at the target.
 *
 * @param open whether it can log in
 */
record Seen(String name, String id, Optional<Mark> mark, boolean open) {

  /** The accounts that have one of the grant's names or a known id; the blocked one first. */
  static List<Seen> find(Session session, Statements statements, Map<String, String> values) {
    return session.query(statements.query(Verb.FIND), values).stream().map(Seen::of).toList();
  }

  static Seen of(List<String> row) {
    return new Seen(row.get(0), row.get(1), Marks.read(row.get(2)), "t".equals(row.get(3)));
  }
}

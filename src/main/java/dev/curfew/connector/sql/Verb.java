package dev.curfew.connector.sql;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The statements an engine pack has, with what the engine expects of each. Columns are read by
 * position. Where a verb says <em>place</em> it runs in one named database, else in the maintenance
 * database.
 */
public enum Verb {
  /**
   * Changes nothing. One row: the server's identity, whether it takes writes, its time in whole
   * milliseconds since 1970-01-01 UTC.
   */
  SERVER(Shape.QUERY),
  /**
   * Changes nothing. Rows: name, id, mark, whether it can log in or was closed by the dead-man, for
   * the accounts that have one of the grant's two names or a known id; the one already blocked
   * comes first.
   */
  FIND(Shape.QUERY),
  /** Makes the account of a member of the group, without login; one transaction. */
  PROVISION_MEMBER(Shape.CHANGES),
  /** Makes the account of one who acts as the group itself; one transaction. */
  PROVISION_OWNER(Shape.CHANGES),
  /** Opens the account with a new verifier and moves the end in its mark; one transaction. */
  ISSUE(Shape.CHANGES),
  /** Closes the account to logins; one transaction, together with RENAME. */
  BLOCK(Shape.CHANGES),
  /** Gives the account the name that no late issue knows; left out when it has it. */
  RENAME(Shape.CHANGES),
  /** Changes nothing. Rows: session id, what it is, for all ids of the account. */
  SESSIONS(Shape.QUERY),
  /** Ends all sessions of all ids of the account. */
  KILL(Shape.CHANGES),
  /**
   * Changes nothing. Rows: place, name, owner's id, of each transaction left prepared by the
   * account.
   */
  PREPARED(Shape.QUERY),
  /** Rolls one prepared transaction back, in its place, each statement by itself. */
  ROLL_BACK(Shape.CHANGES),
  /** Changes nothing. Rows: places where the account owns something or holds a privilege. */
  PLACES(Shape.QUERY),
  /** Changes nothing, in a place. Rows: what the account leaves behind there, in words. */
  LEFT_BEHIND(Shape.QUERY),
  /**
   * Changes nothing, in a place. Rows, when the account owns more there than one CLEAN can take.
   */
  MANY(Shape.QUERY),
  /** Takes a part of what the account owns from it, in a place; one transaction, repeated. */
  CLEAN_PART(Shape.CHANGES),
  /** Takes what the account owns and holds from it, in a place; one transaction. */
  CLEAN(Shape.CHANGES),
  /** Changes nothing, in a place. Rows: what still hangs on the account there, in words. */
  REMAINS(Shape.QUERY),
  /** Removes the account; one transaction. */
  DROP(Shape.CHANGES),
  /**
   * Changes nothing. Rows: a word and the evidence in words. PRESENT: somebody is inside, or could
   * log in; LEFTOVER: it is there and lets nobody in; UNKNOWN; ABSENT.
   */
  VERIFY(Shape.QUERY),
  /**
   * Changes nothing. Rows: what it calls itself, where it is, for each standby that replays the
   * server, or the standby, that is asked.
   */
  STANDBYS(Shape.QUERY),
  /** Changes nothing. One row: how far the server has written, for REPLAYED. */
  WRITTEN(Shape.QUERY),
  /** Changes nothing, on a standby. One row: whether it has replayed that position, and words. */
  REPLAYED(Shape.QUERY),
  /** Changes nothing. Rows: name, id, mark, whether it is open, of all accounts with our name. */
  SWEEP(Shape.QUERY),
  /** Changes nothing. Rows: FATAL or WARNING, and the sentence. */
  CHECK(Shape.QUERY),
  /** Changes nothing, in the entitlement's place. Rows: one privilege in words. */
  GIVES(Shape.QUERY),
  /** Changes nothing, in the entitlement's place. Rows: what any login may do, in words. */
  EVERYONE(Shape.QUERY),
  /** Changes nothing. Rows: why the entitlement must not be given, in words. */
  REFUSALS(Shape.QUERY),
  /**
   * Changes nothing. At most one row: what is remembered of the broker's store. May be left out.
   */
  READ_WITNESS(Shape.QUERY),
  /** Remembers it in place of what was; one transaction. May be left out. */
  WRITE_WITNESS(Shape.CHANGES);

  /** Whether a verb reads with one query or changes with a list of statements. */
  enum Shape {
    QUERY,
    CHANGES
  }

  private final Shape shape;

  Verb(Shape shape) {
    this.shape = shape;
  }

  Shape shape() {
    return shape;
  }

  /** Whether a pack without it is not whole. */
  boolean isNeeded() {
    return this != READ_WITNESS && this != WRITE_WITNESS;
  }

  /** The name in a pack: {@code provision-member}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Optional<Verb> of(String key) {
    return Arrays.stream(values()).filter(verb -> verb.key().equals(key)).findFirst();
  }

  static List<String> keys() {
    return Arrays.stream(values()).map(Verb::key).toList();
  }
}

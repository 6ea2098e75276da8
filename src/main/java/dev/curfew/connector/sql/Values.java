package dev.curfew.connector.sql;

import java.util.Set;

/** The names of the values that statements may ask for. */
final class Values {

  /** The account's name from provision to BLOCK. */
  static final String ROLE = "role";

  /** The account's name from BLOCK on. */
  static final String BLOCKED = "blocked";

  /** The name the account has right now, one of the two. */
  static final String NOW = "now";

  /** Every id the account is known to have had, separated by commas; may be empty. */
  static final String IDS = "ids";

  /** What is written on the account. */
  static final String MARK = "mark";

  /** What remembers the broker's store. */
  static final String WITNESS = "witness";

  /** The target's own end of the account, ISO 8601 in UTC. */
  static final String UNTIL = "until";

  /** The password's verifier; never the password. */
  static final String VERIFIER = "verifier";

  /** How many sessions at once. */
  static final String CONNECTIONS = "connections";

  /** The group that an entitlement gives. */
  static final String GROUP = "group";

  /** {@code member} or {@code owner}. */
  static final String LEVEL = "level";

  /** The database that an entitlement is for. */
  static final String DATABASE = "database";

  /** Where the broker works. */
  static final String MAINTENANCE = "maintenance";

  /** Who gets what a grantee leaves behind. */
  static final String ESTATE = "estate";

  /** The broker's own account. */
  static final String BROKER = "broker";

  /** The short name that is in the names of all accounts this broker makes. */
  static final String BROKER_ID = "broker_id";

  /** A prepared transaction's name. */
  static final String PREPARED = "prepared";

  /** How many things one CLEAN, or a part of it, may take. */
  static final String PART = "part";

  /** How far a server had written. */
  static final String POSITION = "position";

  static final Set<String> NAMES =
      Set.of(
          ROLE,
          BLOCKED,
          NOW,
          IDS,
          MARK,
          UNTIL,
          VERIFIER,
          CONNECTIONS,
          GROUP,
          LEVEL,
          DATABASE,
          MAINTENANCE,
          ESTATE,
          BROKER,
          BROKER_ID,
          PREPARED,
          WITNESS,
          PART,
          POSITION);

  private Values() {}
}

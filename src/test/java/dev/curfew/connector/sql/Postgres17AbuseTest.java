package dev.curfew.connector.sql;

class Postgres17AbuseTest extends PostgresAbuse {

  @Override
  int version() {
    return 17;
  }
}

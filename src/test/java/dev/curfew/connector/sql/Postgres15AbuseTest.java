package dev.curfew.connector.sql;

class Postgres15AbuseTest extends PostgresAbuse {

  @Override
  int version() {
    return 15;
  }
}

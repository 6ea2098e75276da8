package dev.curfew.connector.sql;

class Postgres17ContractTest extends PostgresContract {

  @Override
  PostgresTarget postgres() {
    return PostgresTarget.of(17);
  }
}

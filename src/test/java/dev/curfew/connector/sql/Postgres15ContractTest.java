package dev.curfew.connector.sql;

class Postgres15ContractTest extends PostgresContract {

  @Override
  PostgresTarget postgres() {
    return PostgresTarget.of(15);
  }
}

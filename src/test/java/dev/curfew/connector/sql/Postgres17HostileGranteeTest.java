package dev.curfew.connector.sql;

class Postgres17HostileGranteeTest extends HostileGrantee {

  @Override
  int version() {
    return 17;
  }
}

package dev.curfew.connector.sql;

class Postgres15HostileGranteeTest extends HostileGrantee {

  @Override
  int version() {
    return 15;
  }
}

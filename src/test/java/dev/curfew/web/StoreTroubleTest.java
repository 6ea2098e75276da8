package dev.curfew.web;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class StoreTroubleTest {

  @Test
  void aLostConnectionIsTheStoresTroubleHoweverDeepItLies() {
    for (String state : new String[] {"08006", "08001", "08003", "57P01", "57P03", "53300"}) {
      SQLException lost = new SQLException("An I/O error occurred", state);
      assertTrue(StoreTrouble.isBehind(new RuntimeException(new RuntimeException(lost))), state);
    }
    for (String pool :
        new String[] {
          "Sorry, acquisition timeout!", "Acquisition timeout while waiting for new connection"
        }) {
      assertTrue(StoreTrouble.isBehind(new RuntimeException(new SQLException(pool))), pool);
    }
  }

  @Test
  void aFaultOfOursIsNot() {
    assertFalse(StoreTrouble.isBehind(new NullPointerException()));
    assertFalse(StoreTrouble.isBehind(new SQLException("duplicate key", "23505")));
    assertFalse(StoreTrouble.isBehind(new RuntimeException(new SQLException())));
  }
}

package dev.curfew.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.jboss.logging.MDC;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A line of the log tells which request or grant it is about. */
class LogIdsTest {

  private static final String ID = "0123456789abcdefghjkmnpq";

  @AfterEach
  void forget() {
    MDC.remove("request");
    MDC.remove("grant");
  }

  @Test
  void aCallAboutAGrantCarriesItsId() {
    LogIds.note("/api/v1/grants/" + ID + "/pick-up");
    assertEquals(ID, MDC.get("grant"));
    assertNull(MDC.get("request"));
  }

  @Test
  void aPageOfARequestCarriesItsId() {
    LogIds.note("/requests/" + ID);
    assertEquals(ID, MDC.get("request"));
  }

  @Test
  void whatIsNoIdStaysOut() {
    LogIds.note("/api/v1/requests/forecast");
    LogIds.note("/grants/" + ID + "x");
    assertNull(MDC.get("request"));
    assertNull(MDC.get("grant"));
  }
}

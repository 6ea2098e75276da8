package dev.curfew.web.page;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class AwayTest {

  @Test
  void aPathThatNobodyCanGoToBecomesHome() {
    for (String broken :
        new String[] {
          "/a%", "/a%2", "/a%zz", "/%25", "//evil.example", "/a//b", "/" + "a".repeat(600)
        }) {
      assertEquals("/", Away.safe(broken), broken);
    }
    for (String ours : new String[] {"/keys", "/ask?entitlement=orders-db%2Fread-only&window=30"}) {
      assertEquals(ours, Away.safe(ours));
    }
  }

  @Test
  void whereverALinkLeadsSigningInCanGoOnThere() {
    for (char first = ' '; first < 300; first++) {
      for (char second = ' '; second < 128; second++) {
        String to = "/a" + first + second;
        assertDoesNotThrow(() -> Away.to(Away.safe(to)), to);
      }
    }
  }
}

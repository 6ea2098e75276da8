package dev.curfew.policy;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class GlobTest {

  @Test
  void aStarStaysOnItsSideOfTheSlash() {
    assertTrue(new Glob("*").covers("orders-db/read-only"));
    assertTrue(new Glob("orders-db/*").covers("orders-db/read-only"));
    assertTrue(new Glob("*/read-*").covers("orders-db/read-only"));
    assertTrue(new Glob("orders-db/read-only").covers("orders-db/read-only"));
    assertTrue(new Glob("o*s-*b/*a*-o*y").covers("orders-db/read-only"));
    assertFalse(new Glob("orders*/only").covers("orders-db/read-only"));
    assertFalse(new Glob("orders-db/read").covers("orders-db/read-only"));
    assertFalse(new Glob("*/read-only").covers("orders-db/read-only-not"));
    assertFalse(new Glob("*/x*").covers("orders-db/read-only"));
  }
}

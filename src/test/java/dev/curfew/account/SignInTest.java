package dev.curfew.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.testing.Browser;
import dev.curfew.testing.Cast;
import dev.curfew.testing.Store;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(Store.class)
class SignInTest {

  @Inject Cast cast;

  @Test
  void passwordAndCodeLeadIn() {
    Person person = cast.person("Erin");
    Browser browser = new Browser();

    Response first = browser.password(person.user(), Cast.PASSWORD);
    assertEquals(303, first.statusCode());
    String halfWay = browser.cookie();
    assertEquals(303, browser.get("/keys").statusCode(), "a password alone reaches nothing");

    Response second =
        browser.post("/sign-in/second", Map.of("proof_code", cast.code(person), "to", "/keys"));
    assertEquals(303, second.statusCode(), second.asString());
    assertTrue(second.header("Location").endsWith("/keys"));
    assertNotEquals(halfWay, browser.cookie(), "the cookie is a new one");
    assertEquals(200, browser.get("/keys").statusCode());
  }
}

package dev.curfew.mfa;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import org.junit.jupiter.api.Test;

class SiteTest {

  @Test
  void theOriginIsWrittenAsABrowserWritesIt() {
    assertEquals("https://curfew.example", origin("https://Curfew.example:443/"));
    assertEquals("https://curfew.example:8443", origin("https://curfew.example:8443"));
    assertEquals("http://localhost:8080", origin("http://localhost:8080"));
    assertEquals("http://localhost", origin("http://localhost:80"));
  }

  private static String origin(String baseUrl) {
    return new Site(URI.create(baseUrl)).origin();
  }
}

package dev.curfew.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.curfew.testing.Pem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What must not be so in production. The whole list at once: ProductionStartIT. */
class StartChecksTest {

  @TempDir Path folder;

  @Test
  void theAddressIsHttpsWithANameAtTheRoot() {
    assertEquals("", wrong("https://curfew.example.org"));
    assertEquals("", wrong("https://curfew.example.org:8443/"));
    assertTrue(wrong("http://curfew.example.org").contains("must begin with https://"));
    assertTrue(wrong("https://10.1.2.3").contains("needs a name"));
    assertTrue(wrong("https://[::1]").contains("needs a name"));
    assertTrue(wrong("https://example.org/curfew").contains("must end after the host"));
    assertTrue(wrong("https://not a name").contains("is no address"));
    assertTrue(StartChecks.baseUrl(Optional.empty()).orElse("").contains("is not set"));
  }

  @Test
  void theSigningKeyIsOneThatCanSign() throws Exception {
    assertTrue(StartChecks.signingKey(Optional.empty()).orElse("").contains("is not set"));
    assertTrue(key(folder.resolve("none")).contains("cannot be read"));
    assertTrue(key(file("text", "no key")).contains("lacks a PRIVATE KEY"));
    for (KeyPair wrong : List.of(Pem.pair("RSA", 2048), Pem.pair("EC", 384))) {
      assertTrue(key(file("wrong", Pem.privateHalf(wrong))).contains("holds no key pair"));
    }
    KeyPair right = Pem.pair("EC", 256);
    String half = key(file("half", Pem.privateHalf(right)));
    assertTrue(half.contains("holds no key pair of EC P-256; make one by: openssl"), half);
    assertEquals("", key(file("whole", Pem.both(right))));
  }

  /** The line that the message and deploy/README.md give, and nothing after it. */
  @Test
  void theDocumentedLineAloneMakesAKeyThatSigns() throws Exception {
    String said = StartChecks.signingKey(Optional.empty()).orElse("");
    String line = said.substring(said.indexOf("openssl"));
    String toWhere = line.substring(0, line.indexOf("curfew.key"));
    assertTrue(Files.readString(Path.of("deploy/README.md")).contains(toWhere), line);
    Process openssl;
    try {
      openssl = new ProcessBuilder(line.split(" ")).directory(folder.toFile()).start();
    } catch (IOException e) {
      abort("openssl is not installed");
      return;
    }
    assertEquals(0, openssl.waitFor());
    assertEquals("", key(folder.resolve("curfew.key")));
  }

  private static String wrong(String url) {
    return StartChecks.baseUrl(Optional.of(url)).orElse("");
  }

  private static String key(Path file) {
    return StartChecks.signingKey(Optional.of(file)).orElse("");
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }
}

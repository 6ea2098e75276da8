package dev.curfew.connector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretReferencesTest {

  @TempDir private Path home;
  private Path folder;
  private SecretReferences references;

  @BeforeEach
  void prepare() throws IOException {
    folder = Files.createDirectory(home.resolve("secrets"));
    references =
        new SecretReferences(
            Map.of("CURFEW_SECRET_ORDERS", "s3cret", "PATH", "/bin")::get, Optional.of(folder));
  }

  @Test
  void anEnvironmentVariableWithThePrefixIsRead() {
    assertArrayEquals("s3cret".toCharArray(), references.read("env:CURFEW_SECRET_ORDERS"));
  }

  @Test
  void noOtherVariableIsRead() {
    assertThrows(ConnectorException.class, () -> references.read("env:PATH"));
  }

  @Test
  void aFileIsReadWithoutItsLineEnd() throws IOException {
    Files.writeString(folder.resolve("orders-db"), "s3crét\n");
    assertArrayEquals("s3crét".toCharArray(), references.read("file:orders-db"));
  }

  @Test
  void neitherLinksNorPathsLeadOut() throws IOException {
    Path outside = Files.writeString(home.resolve("outside"), "not yours");
    Files.createSymbolicLink(folder.resolve("link"), outside);
    for (String reference :
        new String[] {"file:link", "file:../outside", "file:" + outside, "file:..", "plain"}) {
      ConnectorException refused =
          assertThrows(ConnectorException.class, () -> references.read(reference), reference);
      assertFalse(refused.getMessage().contains("not yours"));
    }
  }

  @Test
  void whatIsMissingIsNamed() {
    assertTrue(
        assertThrows(ConnectorException.class, () -> references.read("file:nothing"))
            .getMessage()
            .contains("file:nothing"));
  }
}

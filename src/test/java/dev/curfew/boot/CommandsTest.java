package dev.curfew.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What the jar does besides serving, as far as it needs no store. */
class CommandsTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path folder;

  @Test
  void helpNamesEveryCommand() {
    assertEquals(0, run("--help"));
    for (String command : new String[] {"sql", "code", "packs", "revoke"}) {
      assertTrue(out.toString().contains(command), out.toString());
    }
    assertTrue(out.toString().contains("Without a command it serves."), out.toString());
  }

  @Test
  void theCodeOfASeedIsPrintedAndWhatIsNoSeedIsRefused() {
    InputStream before = System.in;
    try {
      System.setIn(typed("otpauth://totp/Curfew:erin?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\n"));
      assertEquals(0, run("code"), err.toString());
      assertTrue(out.toString().matches("[0-9]{6}\\s*"), out.toString());
      System.setIn(typed("not a seed: 1890\n"));
      assertEquals(Serve.FAILED, run("code"));
      assertTrue(err.toString().contains("secret="), err.toString());
      assertFalse(err.toString().contains("1890"), "what was typed may be a secret");
    } finally {
      System.setIn(before);
    }
  }

  private static InputStream typed(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void soundPacksAreSaidToBeAndGetTheirDigest() {
    System.setProperty("CURFEW_TARGET_ORDERS_HOST", "localhost");
    System.setProperty("CURFEW_TARGET_ORDERS_PORT", "5432");
    System.setProperty("curfew.targets.unencrypted-loopback", "true");
    try {
      assertEquals(0, run("packs", "connectors", "approvals"), out.toString());
    } finally {
      System.clearProperty("CURFEW_TARGET_ORDERS_HOST");
      System.clearProperty("CURFEW_TARGET_ORDERS_PORT");
      System.clearProperty("curfew.targets.unencrypted-loopback");
    }
    assertTrue(out.toString().matches("(?s).*[0-9a-f]{64}.*"), out.toString());
  }

  @Test
  void brokenPacksAreRefusedWithFileAndLine() throws IOException {
    Path pack = Files.createDirectories(folder.resolve("connectors/broken")).resolve("pack.yaml");
    Files.writeString(pack, "apiVersion: 1\nuses: nothing-there\nfoo: bar\n");
    assertEquals(Serve.FAILED, run("packs", folder.resolve("connectors").toString()));
    assertTrue(out.toString().contains("broken/pack.yaml"), out.toString());
  }

  @Test
  void aFolderThatIsNotThereIsRefused() {
    assertEquals(Serve.FAILED, run("packs", folder.resolve("none").toString()));
    assertTrue((out.toString() + err).contains("none"), out + "\n" + err);
  }

  @Test
  void aFileThatIsNotThereIsSaidNotToBe() {
    assertEquals(Serve.FAILED, run("sql", "--file", folder.resolve("line").toString()));
    assertEquals("curfew: there is no " + folder.resolve("line"), err.toString().strip());
  }

  @Test
  void revokeSaysWhatItLacks() {
    assertEquals(Serve.FAILED, run("revoke", "grant"));
    assertTrue(err.toString().contains("name the grant"), err.toString());
    assertEquals(Serve.FAILED, run("revoke", "all", "something"));
    assertTrue(err.toString().contains("takes no id"), err.toString());
  }

  private int run(String... arguments) {
    CommandLine commands = Main.commands();
    commands.setOut(new PrintWriter(out, true));
    commands.setErr(new PrintWriter(err, true));
    return commands.execute(arguments);
  }
}

package dev.curfew.mfa;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.curfew.account.Person;
import dev.curfew.identity.Caller;
import dev.curfew.testing.Cast;
import dev.curfew.testing.Store;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Base64;
import java.util.Optional;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@QuarkusTest
@WithTestResource(Store.class)
class SeedsTest {

  @Inject Cast cast;
  @Inject Enrolment enrolment;
  @Inject Seeds seeds;
  @Inject DataSource store;

  @ConfigProperty(name = "curfew.data.dir")
  String dataDir;

  @Test
  void noSeedCanBeReadInTheStore() throws SQLException {
    Person enrolled = cast.person("Erin");
    Person drafting = cast.person("Nia");
    Caller here = cast.caller(drafting);
    String draft = enrolment.draftCodes(here, drafting.user()).secret();
    String all = everything();
    assertTrue(all.contains(enrolled.user()), "the store was read");
    for (String seed : new String[] {Cast.SEED, draft}) {
      byte[] bytes = Base32.decode(seed);
      assertFalse(all.contains(seed), "as text");
      assertFalse(all.contains(new String(bytes, StandardCharsets.ISO_8859_1)), "as bytes");
      assertFalse(all.contains(Base64.getEncoder().encodeToString(bytes)), "in base64");
      assertFalse(all.contains(java.util.HexFormat.of().formatHex(bytes)), "in hex");
    }
    assertEquals(
        draft,
        enrolment.draftCodes(here, drafting.user()).secret(),
        "and the page shows the same one again");
    assertNotEquals(
        draft,
        enrolment.draftCodes(cast.caller(drafting), drafting.user()).secret(),
        "but another session never sees it");
  }

  @Test
  void theSameSeedIsSealedAnewEachTime() {
    assertNotEquals(seeds.seal("p1", Cast.SEED), seeds.seal("p1", Cast.SEED));
  }

  @Test
  void aSealedSeedIsWorthNothingInAnotherPersonsRow() {
    String sealed = seeds.seal("p1", Cast.SEED);
    assertEquals(Cast.SEED, seeds.open("p1", sealed));
    assertThrows(IllegalStateException.class, () -> seeds.open("p2", sealed));
    char last = sealed.charAt(sealed.length() - 2);
    String changed =
        sealed.substring(0, sealed.length() - 2)
            + (last == 'A' ? 'B' : 'A')
            + sealed.substring(sealed.length() - 1);
    assertThrows(IllegalStateException.class, () -> seeds.open("p1", changed));
  }

  @Test
  void theKeyMadeOutsideProductionIsForItsOwnerAlone() throws Exception {
    seeds.seal("p1", Cast.SEED);
    Path file = Path.of(dataDir).resolve("seed-key");
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertEquals(32, SeedKeyFile.read(file).length);
  }

  @Test
  void whatIsWrongWithTheKeyIsSaidWithItsMend(@TempDir Path folder) throws Exception {
    assertTrue(problem(null).contains("is not set; make one by: "));
    Path file = folder.resolve("seed-key");
    assertTrue(problem(file).contains("does not exist; make one by: "));
    Files.writeString(file, "too short");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertTrue(problem(file).contains("chmod 600"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    assertTrue(problem(file).contains("does not hold 32 bytes in base64"));
  }

  @Test
  void anotherKeyThanTheStoresIsFoundAtTheStart(@TempDir Path folder) {
    cast.person("Erin");
    Path other = folder.resolve("seed-key");
    SeedKeyFile.make(other);
    assertTrue(problem(other).contains("another key"));
    assertEquals("", problem(Path.of(dataDir).resolve("seed-key")));
  }

  private String problem(Path file) {
    Seeds configured = new Seeds(new Settings(Optional.ofNullable(file)), dataDir);
    return io.quarkus.narayana.jta.QuarkusTransaction.requiringNew()
        .call(() -> configured.problem().orElse(""));
  }

  /** Settings with this key file. */
  private record Settings(Optional<Path> seedKeyFile) implements MfaConfig {

    @Override
    public boolean adminAcceptCode() {
      return false;
    }
  }

  /** Every row of every table, as text. */
  private String everything() throws SQLException {
    StringBuilder text = new StringBuilder();
    try (Connection connection = store.getConnection();
        ResultSet tables =
            connection
                .createStatement()
                .executeQuery("select tablename from pg_tables where schemaname = 'public'")) {
      while (tables.next()) {
        String rows = "select t::text from " + tables.getString(1) + " t";
        try (ResultSet row = connection.createStatement().executeQuery(rows)) {
          while (row.next()) {
            text.append(row.getString(1)).append('\n');
          }
        }
      }
    }
    return text.toString();
  }
}

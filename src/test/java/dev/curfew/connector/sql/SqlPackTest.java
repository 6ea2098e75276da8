package dev.curfew.connector.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

class SqlPackTest {

  @Test
  void theShippedPackIsTheOneTheBuildKnows() {
    SqlPack pack = PostgresTarget.pack();
    assertTrue(
        pack.isShipped(),
        "connectors/postgresql/pack.yaml changed; when that is meant, put "
            + pack.digest()
            + " into src/main/resources/dev/curfew/connector/sql/shipped-digests");
  }

  @Test
  void aChangedStatementIsNotShipped() {
    Map<String, Object> document = document();
    statements(document).put("drop", "DROP ROLE IF EXISTS :\"now\"");
    SqlPack changed = SqlPack.of(document);
    assertNotEquals(PostgresTarget.pack().digest(), changed.digest());
    assertFalse(changed.isShipped());
  }

  @Test
  void eachVersionHasItsStatements() {
    SqlPack pack = PostgresTarget.pack();
    assertTrue(pack.forVersion(13).isEmpty());
    assertEquals("14 to 15", pack.forVersion(15).orElseThrow().range());
    assertEquals("from 16 on", pack.forVersion(17).orElseThrow().range());
  }

  @Test
  void everythingWrongIsSaidAtOnce() {
    Map<String, Object> document = document();
    document.put("kind", "Post Gres");
    document.put("surprise", "1");
    statements(document).remove("verify");
    statements(document).put("verfy", "SELECT 1");
    statements(document).put("drop", "DROP ROLE :\"rolle\"");
    statements(document).put("sweep", List.of("SELECT 1", "SELECT 2"));
    SqlPackException refused = assertThrows(SqlPackException.class, () -> SqlPack.of(document));
    String all = refused.getMessage();
    for (String part :
        List.of("kind", "surprise", "lacks \"verify\"", "\"verfy\"", "\"rolle\"", "one query")) {
      assertTrue(all.contains(part), part + " in " + all);
    }
  }

  @Test
  void versionsMustNotOverlap() {
    Map<String, Object> document = document();
    List<?> versions = (List<?>) document.get("versions");
    Map<String, Object> later = new LinkedHashMap<>();
    ((Map<?, ?>) versions.get(1)).forEach((key, value) -> later.put((String) key, value));
    later.put("from", 15);
    document.put("versions", List.of(versions.get(0), later));
    SqlPackException refused = assertThrows(SqlPackException.class, () -> SqlPack.of(document));
    assertTrue(refused.getMessage().contains("two ranges hold version 15"));
  }

  private static Map<String, Object> document() {
    try {
      Map<String, Object> document =
          new Yaml()
              .load(
                  java.nio.file.Files.readString(
                      java.nio.file.Path.of("connectors", "postgresql", "pack.yaml")));
      return new HashMap<>(document);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> statements(Map<String, Object> document) {
    return (Map<String, Object>) document.get("statements");
  }
}

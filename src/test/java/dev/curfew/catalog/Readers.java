package dev.curfew.catalog;

import dev.curfew.connector.EnginePack;
import dev.curfew.connector.sql.SqlPack;
import dev.curfew.connector.sql.SqlPackException;
import dev.curfew.policy.Rules;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The reader as a test needs it: the real engine, the real rules, two variables set. */
public final class Readers {

  static final Map<String, String> ENVIRONMENT =
      Map.of("CURFEW_TARGET_ORDERS_HOST", "localhost", "CURFEW_TARGET_ORDERS_PORT", "5433");

  private static final String ENGINE = text(Path.of("connectors/postgresql/pack.yaml"));

  private Readers() {}

  public static SnapshotReader reader() {
    return reader(Set.of(), List.of());
  }

  static SnapshotReader reader(Set<String> trusted, List<String> allowedHosts) {
    return new SnapshotReader(
        Readers::engine, new Rules(), trusted, new AllowedHosts(allowedHosts), ENVIRONMENT::get);
  }

  private static EngineReader.Reading engine(Map<String, Object> document) {
    try {
      SqlPack pack = SqlPack.of(document);
      return new EngineReader.Reading(
          Optional.of(new EnginePack(pack.kind(), "sql", pack.digest(), document)),
          pack.isShipped(),
          List.of());
    } catch (SqlPackException e) {
      return new EngineReader.Reading(Optional.empty(), false, e.problems());
    }
  }

  /** The shipped engine, with a target pack and rules of a test's own. */
  static SnapshotFiles files(String pack, String rules) {
    TreeMap<String, String> texts = new TreeMap<>();
    texts.put("connectors/postgresql/pack.yaml", ENGINE);
    texts.put("connectors/mine/pack.yaml", pack);
    texts.put("approvals/mine.yaml", rules);
    return new SnapshotFiles(texts);
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

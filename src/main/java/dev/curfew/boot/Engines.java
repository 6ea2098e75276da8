package dev.curfew.boot;

import dev.curfew.catalog.EngineReader;
import dev.curfew.connector.EnginePack;
import dev.curfew.connector.sql.SqlPack;
import dev.curfew.connector.sql.SqlPackException;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads engine packs by the engines this build has. */
@ApplicationScoped
public class Engines implements EngineReader {

  @Override
  public Reading read(Map<String, Object> document) {
    if (!SqlPack.isOne(document)) {
      return wrong(List.of("engine: there is only `sql`"));
    }
    try {
      SqlPack pack = SqlPack.of(document);
      EnginePack whole = new EnginePack(pack.kind(), "sql", pack.digest(), document);
      return new Reading(Optional.of(whole), pack.isShipped(), List.of());
    } catch (SqlPackException e) {
      return wrong(e.problems());
    }
  }

  private static Reading wrong(List<String> problems) {
    return new Reading(Optional.empty(), false, problems);
  }
}

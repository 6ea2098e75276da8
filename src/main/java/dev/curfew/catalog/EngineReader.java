package dev.curfew.catalog;

import dev.curfew.connector.EnginePack;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Port: understands engine packs; boot implements it over the engines there are. */
@FunctionalInterface
public interface EngineReader {

  /**
   * What came of reading one.
   *
   * @param pack empty when there are problems
   * @param shipped whether this build was made with exactly these statements
   * @param problems each with its mend
   */
  record Reading(Optional<EnginePack> pack, boolean shipped, List<String> problems) {}

  /** Reads the whole of a {@code pack.yaml} that has the key {@code engine}. */
  Reading read(Map<String, Object> document);
}

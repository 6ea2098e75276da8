package dev.curfew.connector;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What a folder of statements says, as plain values: strings, lists and maps of those. The catalog
 * has read it, held it to its file's form and compared its digest with what is trusted; what the
 * statements mean is known only to the engine that runs them.
 *
 * @param name what target packs write after {@code uses}, and the connector's {@link
 *     Connector#kind()}, for example {@code postgresql}
 * @param engine which engine runs it, for example {@code sql}
 * @param digest SHA-256 of its statements, lower-case hex
 * @param content the rest of its {@code engine.yaml}, keys in the order of the file
 */
public record EnginePack(String name, String engine, String digest, Map<String, Object> content) {

  public EnginePack {
    Objects.requireNonNull(name);
    Objects.requireNonNull(engine);
    Objects.requireNonNull(digest);
    content = Collections.unmodifiableMap(new LinkedHashMap<>(content));
  }
}

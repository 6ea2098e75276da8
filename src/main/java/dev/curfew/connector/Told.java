package dev.curfew.connector;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How far a target was told that the broker's store is. A server that remembers less was put back
 * in time, or is a copy: what is missing there proves nothing.
 *
 * @param generation as in {@link Witness}
 * @param n as in {@link Witness}
 */
public record Told(long generation, long n) {

  private static final String GENERATION = "told_generation";
  private static final String N = "told_n";

  /** Whether a server that remembers this lacks something. */
  public boolean isMoreThan(Optional<Witness> there) {
    return there
        .map(it -> it.generation() < generation || (it.generation() == generation && it.n() < n))
        .orElse(true);
  }

  /** The handle, for a look at what it names: with how far its server must remember. */
  public Handle on(Handle handle) {
    Map<String, String> all = new HashMap<>(handle.facts());
    all.put(GENERATION, Long.toString(generation));
    all.put(N, Long.toString(n));
    return new Handle(handle.kind(), handle.grant(), all);
  }

  public static Optional<Told> of(Handle handle) {
    return Optional.ofNullable(handle.facts().get(N))
        .map(n -> new Told(Long.parseLong(handle.facts().get(GENERATION)), Long.parseLong(n)));
  }
}

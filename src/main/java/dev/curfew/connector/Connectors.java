package dev.curfew.connector;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The connectors by kind. Which there are is decided in boot. */
public final class Connectors {

  private final Function<String, Optional<Connector>> byKind;

  /** For kinds that come and go while we run, as engine packs do. */
  public Connectors(Function<String, Optional<Connector>> byKind) {
    this.byKind = byKind;
  }

  public Connectors(Collection<? extends Connector> connectors) {
    Map<String, Connector> known =
        connectors.stream().collect(Collectors.toUnmodifiableMap(Connector::kind, each -> each));
    this.byKind = kind -> Optional.ofNullable(known.get(kind));
  }

  public Optional<Connector> find(String kind) {
    return byKind.apply(kind);
  }

  /**
   * The connector of that kind.
   *
   * @throws ConnectorException when there is none: its pack was taken away
   */
  public Connector of(String kind) {
    return find(kind)
        .orElseThrow(
            () ->
                new ConnectorException(
                    "no connector for \"" + kind + "\" is installed; bring its pack back", false));
  }
}
